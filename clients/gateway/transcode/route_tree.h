#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ROUTE_TREE_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ROUTE_TREE_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clients/gateway/transcode/path_template.h"

namespace otpgate::gateway {

// The routes of one shape of path: HTTP method to number of the route. "*" is any method.
using RoutesByMethod = std::map<std::string, size_t, std::less<>>;

// Finds the routes of a path, in time that does not grow with the number of routes: each level has
// a hash of its literal segments. Const functions are thread-safe.
class RouteTree {
 public:
  // Adds route `number`. False if one with this shape of path, verb and method is there already;
  // names of variables make no difference.
  bool Add(const PathTemplate& path, absl::string_view http_method, size_t number);

  // The routes of all templates that match these decoded segments and verb, the most specific
  // first: a literal before "*" before "**", from left to right. Valid until the next Add.
  std::vector<const RoutesByMethod*> Find(absl::Span<const std::string> segments,
                                          absl::string_view verb) const;

 private:
  struct Node {
    absl::flat_hash_map<std::string, std::unique_ptr<Node>> literals;
    std::unique_ptr<Node> one;
    std::unique_ptr<Node> many;
    absl::flat_hash_map<std::string, RoutesByMethod> ends;  // by verb
  };

  static Node& Child(Node& node, const TemplateSegment& segment);
  static void Collect(const Node* node, absl::Span<const std::string> rest, absl::string_view verb,
                      std::vector<const RoutesByMethod*>& found);

  Node root_;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ROUTE_TREE_H_
