// Command new writes the files of a new rule: its Go file, two fixtures and its
// line in the catalogue. The tests fail until the rule is written; rules/doc.go
// says how.
package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

//go:embed rule.go.tmpl
var rule string

const lead = `# what this case shows, in a sentence: who, what, how much
-- payment.csv --
beneficiary_name,beneficiary_id,program,period,amount,pay_date,want
`

var families = map[string]string{
	"dup": "Dup", "name": "Dup", "id": "Dup", "account": "Dup", "phone": "Dup",
	"paid": "Elig", "over": "Elig", "flat": "Elig", "entitled": "Elig", "helper": "Elig",
	"exit": "Exit", "hold": "Hold", "proj": "Proj", "data": "Data",
}

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "make rule:", err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 1 || !regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`).MatchString(args[0]) {
		return fmt.Errorf("want NAME=words-joined-by-hyphens, as rules.md names it, have %q", args)
	}
	id := args[0]
	first, _, _ := strings.Cut(id, "-")
	family, ok := families[first]
	if !ok {
		family = "Data"
	}
	var name strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	file := filepath.Join("rules", strings.ReplaceAll(id, "-", "_")+".go")
	dir := filepath.Join("fixtures", "rules", id)
	for _, p := range []string{file, dir} {
		if _, err := os.Stat(p); err == nil {
			return fmt.Errorf("%s exists already", p)
		}
	}
	catalogue := filepath.Join("rules", "catalogue.go")
	list, err := os.ReadFile(catalogue)
	if err != nil {
		return fmt.Errorf("run it from the top of the project: %w", err)
	}
	var code strings.Builder
	if err := template.Must(template.New("rule").Parse(rule)).Execute(&code, map[string]string{"ID": id, "Name": name.String(), "Family": family}); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	end := strings.LastIndex(string(list), "}")
	for path, text := range map[string]string{
		file:                                  code.String(),
		filepath.Join(dir, "lead.txtar"):      lead,
		filepath.Join(dir, "lookalike.txtar"): strings.Replace(lead, "what this case shows", "what looks alike and must stay quiet", 1),
		catalogue:                             string(list[:end]) + "\t" + name.String() + ",\n" + string(list[end:]),
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("wrote %s, %s/{lead,lookalike}.txtar and a line at the end of %s\nnext: fill them in as rules/doc.go says, move the line to its family, then go test ./rules/ -run 'Rules/%s'\n", file, dir, catalogue, id)
	return nil
}
