# Writes ${OUTPUT}: every *.sql file of ${FOLDER} as a string. Run by the build whenever one changes.
file(GLOB paths ${FOLDER}/*.sql)
list(SORT paths)
set(entries "")
foreach(path IN LISTS paths)
  get_filename_component(name ${path} NAME)
  file(READ ${path} text)
  string(APPEND entries "    {\"${name}\", R\"otpgate_sql(${text})otpgate_sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Written by migrations/migrator/embed.cmake.
#include \"migrations/migrator/source.h\"

namespace otpgate::migrator {
absl::Span<const EmbeddedFile> EmbeddedFiles() {
  static constexpr EmbeddedFile kFiles[] = {
${entries}  };
  return kFiles;
}
}  // namespace otpgate::migrator
")
