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
	"slices"
	"strings"
	"text/template"
)

//go:embed rule.go.tmpl
var ruleText string

// A start is what a rule of one sort begins with, to be changed where it does
// not fit.
type start struct {
	Family, Key, Table  string
	Schema, Name, Reads string // Go names: the table, the column that names somebody, all columns
	Role, None          string // Go expressions: what the evidence is, why there is nothing to judge
	Header              string // of a fixture
	ID, GoName          string // the rule's
}

var (
	payment = start{
		Table: "payment", Schema: "Payment", Name: "payName", Reads: "payName", Role: "rolePayment", None: "noPayment",
		Header: "beneficiary_name,beneficiary_id,program,period,amount,pay_date,account,want",
	}
	household = start{
		Table: "household", Schema: "Member", Name: "memberName", Reads: "memberName", Role: "roleHousehold", None: "noHomes",
		Header: "household_id,member_name,member_id,county,town,village,year,want",
	}
	flow = start{
		Table: "flow", Schema: "Flow", Name: "flowFrom", Reads: "flowFrom", Role: `text("拨付记录", "transfer")`, None: `text("无拨付记录", "no transfer")`,
		Header: "fund_no,from_unit,to_unit,sent_amount,sent_on,want",
	}
	project = start{
		Table: "project", Schema: "Works", Name: "projectName", Reads: "projectName", Role: "roleProject", None: `text("项目库无此项目", "not in the project pool")`,
		Header: "project_id,name,unit,contract_amount,contractor,approved_on,want",
	}
)

// startOf returns how a rule begins by the first word of its name.
func startOf(word string) (start, bool) {
	begin := func(family, key string, s start) (start, bool) {
		s.Family, s.Key = family, key
		return s, true
	}
	switch word {
	case "dup", "name", "id":
		return begin("Dup", "Person", payment)
	case "account":
		return begin("Dup", "Account", payment)
	case "phone":
		return begin("Dup", "Unit", payment)
	case "paid", "over", "entitled":
		return begin("Elig", "Person", payment)
	case "flat":
		return begin("Elig", "Village", payment)
	case "helper":
		return begin("Elig", "Person", household)
	case "exit":
		return begin("Exit", "Household", household)
	case "hold":
		return begin("Hold", "Fund", flow)
	case "proj":
		return begin("Proj", "Project", project)
	case "data":
		return begin("Data", "Unit", payment)
	}
	return start{}, false
}

// families stand in the catalogue in this order, a blank line after each.
var families = []string{"Dup", "Elig", "Exit", "Hold", "Proj", "Data"}

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "make rule:", err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 1 || !regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`).MatchString(args[0]) {
		return fmt.Errorf("want NAME=dup-thing: two or more words of lower-case letters joined by hyphens; have %q", args)
	}
	id := args[0]
	word, _, _ := strings.Cut(id, "-")
	s, ok := startOf(word)
	if !ok {
		return fmt.Errorf("%s: the first word is its family's: dup, name, id, account, phone; paid, over, flat, entitled, helper; exit; hold; proj; data", id)
	}
	s.ID = id
	for word := range strings.SplitSeq(id, "-") {
		s.GoName += strings.ToUpper(word[:1]) + word[1:]
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
	if err := template.Must(template.New("rule").Parse(ruleText)).Execute(&code, s); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	fixture := func(comment string) string { return fmt.Sprintf("%s\n-- %s.csv --\n%s\n", comment, s.Table, s.Header) }
	for path, text := range map[string]string{
		file:                                   code.String(),
		filepath.Join(dir, "lead.txtar"):       fixture("What this case shows, in a sentence: who, what, how much."),
		filepath.Join(dir, "look-alike.txtar"): fixture("What looks alike and must stay quiet."),
		catalogue:                              listed(string(list), s),
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("wrote %s, %s/{lead,look-alike}.txtar and a line in %s\nnext: fill them in as rules/doc.go says, then go test ./rules -run 'Test(Rules|Bounds|PolicyBounds)/%s|TestCatalogue'\n", file, dir, catalogue, id)
	return nil
}

// listed returns the catalogue with the rule at the end of its family.
func listed(catalogue string, s start) string {
	head, all, _ := strings.Cut(catalogue, "{\n")
	groups := strings.Split(strings.TrimSuffix(strings.TrimRight(all, "\n"), "}"), "\n\n")
	if at := slices.Index(families, s.Family); at < len(groups) {
		groups[at] = strings.TrimRight(groups[at], "\n") + "\n\t" + s.GoName + ","
	}
	return head + "{\n" + strings.TrimRight(strings.Join(groups, "\n\n"), "\n") + "\n}\n"
}
