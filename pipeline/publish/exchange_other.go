//go:build !linux

package publish

import "errors"

// exchange is what only Linux has.
var exchange = func(string, string) error { return errors.ErrUnsupported }
