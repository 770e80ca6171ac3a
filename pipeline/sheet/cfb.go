package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/richardlehane/mscfb"
)

// cfbStream returns the first of the named streams at the top of a compound
// file, nil when it has none of them. Names match in any case. A panic of the
// container's reader is damage of the file.
func cfbStream(data []byte, names ...string) (stream []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			stream, err = nil, fmt.Errorf("%w: opening the compound file: %v", ErrDamaged, p)
		}
	}()
	box, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: opening the compound file: %v", ErrDamaged, err)
	}
	for _, name := range names {
		for _, f := range box.File {
			if len(f.Path) > 0 || !strings.EqualFold(f.Name, name) || f.FileInfo().IsDir() {
				continue
			}
			// A piece at a time: one Read costs the square of its sectors.
			const piece = 64 << 10
			stream = make([]byte, min(f.Size, int64(len(data))))
			for n := 0; n < len(stream); {
				k, err := f.Read(stream[n:min(len(stream), n+piece)])
				n += k
				if n < len(stream) && (err != nil && err != io.EOF || k == 0) {
					if n == 0 {
						return nil, damagedPart(f.Name, "reading stream %q of the compound file: %v", f.Name, err)
					}
					return stream[:n], nil // what there is; sheets beyond say that they are cut
				}
			}
			return stream, nil
		}
	}
	return nil, nil
}
