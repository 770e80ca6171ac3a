package policy

import (
	"strings"
	"testing"
)

func TestUnsoundFilesAreRefused(t *testing.T) {
	bomb := "a: &a [x, x]\n"
	for i := range 20 {
		bomb += string(rune('b'+i)) + ": &" + string(rune('b'+i)) + " [*" + string(rune('a'+i)) + ", *" + string(rune('a'+i)) + "]\n"
	}
	cases := map[string]struct{ file, says string }{
		"aliases of aliases":   {bomb, "[1:4] anchors and aliases"},
		"an alias":             {"a: *b\n", "[1:4] anchors and aliases"},
		"deep":                 {"a: " + strings.Repeat("[", 1000), "[1:54] brackets stand 51 deep"},
		"deep over lines":      {"a: " + strings.Repeat("[\n", 100_000), "deep"},
		"a long key":           {"a: 1\n" + strings.Repeat("x", 100_000) + ": 1\n", "[2:1] the line has 100004 characters"},
		"huge":                 {strings.Repeat("# a comment\n", 200_000), "[1:1] the file has 2400000 bytes"},
		"GBK":                  {"# \xb5\xcd\xb1\xa3\na: 1\n", "[1:1] the file is not in UTF-8"},
		"two documents":        {"deadlines: {}\n---\nrules: {}\n", "[3:1] a second document"},
		"two documents and an": {"---\ndeadlines: {}\n...\nrules: {}\n", "[4:1] a second document"},
	}
	for name, c := range cases {
		err := Check([]byte(c.file), nil)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %.200v, want %q", name, err, c.says)
		}
		if err != nil && len(err.Error()) > 3*mostLine {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
	for _, file := range []string{"---\n# one\ndeadlines: {}\n", "deadlines: {}\n---\n", "a: '*b & c'\n"} {
		if err := Sound([]byte(file)); err != nil {
			t.Errorf("%q: %v", file, err)
		}
	}
}
