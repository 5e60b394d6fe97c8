// SQLite on the disk of failing_disk.h.
#pragma once

namespace saseo {

// From now on this program's databases lie on the disk of the moment, FailingDisk::current().
void put_sqlite_on_failing_disk();

}  // namespace saseo
