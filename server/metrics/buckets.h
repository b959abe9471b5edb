#ifndef OTPGATE_SERVER_METRICS_BUCKETS_H_
#define OTPGATE_SERVER_METRICS_BUCKETS_H_

#include <vector>

// Upper bounds of the buckets of histograms.
namespace otpgate::metrics {

// Of calls, in seconds: those of go-grpc-prometheus, and finer ones below.
inline std::vector<double> CallBuckets() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

// Of statements and of waits in queues, in seconds.
inline std::vector<double> ShortBuckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
}

// Of batches, in commands.
inline std::vector<double> BatchBuckets() { return {1, 2, 4, 8, 16, 32, 64, 128, 256}; }

}  // namespace otpgate::metrics

#endif  // OTPGATE_SERVER_METRICS_BUCKETS_H_
