package generate

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"fundtrace/pipeline/sheet"
)

// unzip returns the files of a zip.
func unzip(t *testing.T, name string, data []byte) (out []sheet.Member) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sheet.Member{Name: name + "/" + f.Name, Data: b})
	}
	return out
}
