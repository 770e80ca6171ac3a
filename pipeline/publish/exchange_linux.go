package publish

import (
	"errors"

	"golang.org/x/sys/unix"
)

// exchange puts each of two folders in the other's place in one step. Where the
// file system cannot, the error is errors.ErrUnsupported.
var exchange = func(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EOPNOTSUPP) {
		return errors.ErrUnsupported
	}
	return err
}
