#include "clients/gateway/openapi/shared_parts.h"

namespace otpgate::gateway {
namespace {

using nlohmann::ordered_json;

constexpr char kSharedParts[] = R"json({
  "schemas": {
    "ErrorDetails": {
      "type": "array",
      "description": "Messages of google/rpc/error_details.proto. `ErrorInfo` has the reason.",
      "items": {
        "type": "object",
        "required": ["@type"],
        "properties": {
          "@type": {
            "type": "string",
            "description": "Such as `type.googleapis.com/google.rpc.ErrorInfo`."
          },
          "reason": {"$ref": "#/components/schemas/ErrorReason"}
        },
        "additionalProperties": true
      }
    },
    "ErrorReason": {"type": "string"},
    "Problem": {
      "type": "object",
      "description": "An error as problem details (RFC 9457).",
      "required": ["type", "title", "status", "detail", "code", "details"],
      "properties": {
        "type": {
          "type": "string",
          "format": "uri-reference",
          "description": "`urn:otpgate:reason:` and the reason; `about:blank` without a reason."
        },
        "title": {"type": "string", "description": "The words of the HTTP status."},
        "status": {"type": "integer", "format": "int32", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "For developers; not for display."},
        "code": {
          "type": "integer",
          "format": "int32",
          "description": "The code of gRPC (google.rpc.Code)."
        },
        "reason": {"$ref": "#/components/schemas/ErrorReason"},
        "details": {"$ref": "#/components/schemas/ErrorDetails"}
      }
    },
    "Status": {
      "type": "object",
      "description": "An error (google.rpc.Status).",
      "required": ["code", "message", "details"],
      "properties": {
        "code": {
          "type": "integer",
          "format": "int32",
          "description": "The code of gRPC (google.rpc.Code)."
        },
        "message": {"type": "string", "description": "For developers; not for display."},
        "details": {"$ref": "#/components/schemas/ErrorDetails"}
      }
    }
  },
  "responses": {
    "Error": {
      "description": "The request was refused or failed.",
      "headers": {
        "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
        "Retry-After": {"$ref": "#/components/headers/RetryAfter"}
      },
      "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Status"}},
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
      }
    },
    "NotModified": {
      "description": "The answer that the client has is still good.",
      "headers": {
        "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
        "ETag": {"$ref": "#/components/headers/ETag"}
      }
    },
    "TooManyRequests": {
      "description": "A limit was reached.",
      "headers": {
        "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
        "Retry-After": {"$ref": "#/components/headers/RetryAfter"},
        "RateLimit": {"$ref": "#/components/headers/RateLimit"},
        "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"}
      },
      "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Status"}},
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
      }
    },
    "Unauthenticated": {
      "description": "Credentials are missing or wrong.",
      "headers": {
        "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
        "WWW-Authenticate": {"$ref": "#/components/headers/WwwAuthenticate"}
      },
      "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Status"}},
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
      }
    }
  },
  "parameters": {
    "IdempotencyKey": {
      "name": "Idempotency-Key",
      "in": "header",
      "description": "Stands for the `request_id`: a UUID, or any other printable ASCII text.",
      "schema": {"type": "string", "minLength": 1, "maxLength": 255}
    },
    "IfNoneMatch": {
      "name": "If-None-Match",
      "in": "header",
      "description": "The `ETag` of an answer that the client has.",
      "schema": {"type": "string"}
    }
  },
  "headers": {
    "ETag": {"description": "Names this content.", "schema": {"type": "string"}},
    "RateLimit": {
      "description": "The limit and the seconds to wait, `\"subject_sends\";r=0;t=412`.",
      "schema": {"type": "string"}
    },
    "RateLimitPolicy": {
      "description": "The size of the limit, `\"subject_sends\";q=3;w=900`: calls and seconds.",
      "schema": {"type": "string"}
    },
    "RequestId": {
      "description": "The id to look up in logs; that of the request, if it had a well-formed one.",
      "schema": {"type": "string"}
    },
    "RetryAfter": {
      "description": "Seconds to wait before the next try.",
      "schema": {"type": "integer", "minimum": 1}
    },
    "WwwAuthenticate": {
      "description": "`Bearer realm=\"otpgate\"`, with `error=\"invalid_token\"` if a token was sent (RFC 6750, 3).",
      "schema": {"type": "string"}
    }
  },
  "securitySchemes": {
    "bearer": {
      "type": "http",
      "scheme": "bearer",
      "bearerFormat": "JWT",
      "description": "The access token of an account (RFC 9068)."
    }
  }
})json";

}  // namespace

ordered_json SharedParts() { return ordered_json::parse(kSharedParts); }

std::vector<std::string> SharedSchemaNames() {
  const ordered_json parts = SharedParts();
  std::vector<std::string> names;
  for (const auto& [name, schema] : parts["schemas"].items()) names.push_back(name);
  return names;
}

}  // namespace otpgate::gateway
