#ifndef OTPGATE_SERVER_METRICS_READINGS_PAGE_H_
#define OTPGATE_SERVER_METRICS_READINGS_PAGE_H_

#include <prometheus/metric_family.h>

#include <vector>

#include "server/metrics/metrics.h"

namespace otpgate::metrics {

// Readings as metric families. Pure.
std::vector<prometheus::MetricFamily> FamiliesOf(const Readings& readings);

}  // namespace otpgate::metrics

#endif  // OTPGATE_SERVER_METRICS_READINGS_PAGE_H_
