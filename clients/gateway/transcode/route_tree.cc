#include "clients/gateway/transcode/route_tree.h"

namespace otpgate::gateway {

RouteTree::Node& RouteTree::Child(Node& node, const TemplateSegment& segment) {
  std::unique_ptr<Node>* child = nullptr;
  switch (segment.kind) {
    case TemplateSegment::Kind::kLiteral:
      child = &node.literals[segment.literal];
      break;
    case TemplateSegment::Kind::kOne:
      child = &node.one;
      break;
    case TemplateSegment::Kind::kMany:
      child = &node.many;
      break;
  }
  if (*child == nullptr) *child = std::make_unique<Node>();
  return **child;
}

bool RouteTree::Add(const PathTemplate& path, absl::string_view http_method, size_t number) {
  Node* node = &root_;
  for (const TemplateSegment& segment : path.segments) node = &Child(*node, segment);
  return node->ends[path.verb].try_emplace(std::string(http_method), number).second;
}

std::vector<const RoutesByMethod*> RouteTree::Find(absl::Span<const std::string> segments,
                                                   absl::string_view verb) const {
  std::vector<const RoutesByMethod*> found;
  Collect(&root_, segments, verb, found);
  return found;
}

// A node belongs to one depth, so it is visited at most once; the depth is that of the templates.
void RouteTree::Collect(const Node* node, absl::Span<const std::string> rest,
                        absl::string_view verb, std::vector<const RoutesByMethod*>& found) {
  if (node == nullptr) return;
  if (rest.empty()) {
    if (const auto end = node->ends.find(verb); end != node->ends.end()) {
      found.push_back(&end->second);
    }
  } else {
    const auto literal = node->literals.find(rest.front());
    if (literal != node->literals.end()) {
      Collect(literal->second.get(), rest.subspan(1), verb, found);
    }
    Collect(node->one.get(), rest.subspan(1), verb, found);
  }
  Collect(node->many.get(), {}, verb, found);
}

}  // namespace otpgate::gateway
