#pragma once
/// @file
/// Appliance, system. Files as whole strings; a file is either complete or not there.
#include <filesystem>
#include <string>
#include <string_view>

namespace byhand {

/// The bytes of a file, a pipe or a device. Error when it cannot be read, or when it holds more than `limit` bytes (2 GiB unless told);
/// of what does not say its size beforehand, as a pipe does not, at most 256 MiB are read.
std::string read_file(const std::filesystem::path& file, std::uintmax_t limit = std::uintmax_t(1) << 31);

/// Writes `bytes` to a temporary file beside `file` and renames it, so that a crash of the program leaves the old file or the new one, never half of one.
/// Makes the folder if it is missing. Error when the disk says no; the temporary is removed. Who is killed meanwhile (kill -9) leaves
/// FILE.PROCESS.tmp behind; the next write of this file removes it.
void write_file(const std::filesystem::path& file, std::string_view bytes);

/// The Error that write_file would end in when the folder cannot be made or no file be opened there, to be had before hours of work.
/// Leaves nothing: neither a file nor the folder.
void check_can_write(const std::filesystem::path& file);

/// The project's top folder: $BYHAND_HOME when set, otherwise the folder the program was built from.
std::filesystem::path project_dir();

/// A file in datasets/, committed or cached. Error that says how to get it when it is not there.
std::filesystem::path dataset(const std::string& name);

}  // namespace byhand
