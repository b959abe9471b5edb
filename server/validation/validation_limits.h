#ifndef OTPGATE_SERVER_VALIDATION_VALIDATION_LIMITS_H_
#define OTPGATE_SERVER_VALIDATION_VALIDATION_LIMITS_H_

namespace otpgate::validation {

// The part of the configuration that validation depends on.
struct ValidationLimits {
  int code_digits = 6;
  // Accepts phone numbers of PhoneTypes::kPersonal only; false: of kAll.
  bool personal_numbers_only = true;
};

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_VALIDATION_LIMITS_H_
