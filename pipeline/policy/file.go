package policy

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/printer"
	"github.com/goccy/go-yaml/token"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed schema.json
var schemaText []byte

// Schema returns the JSON Schema of a policy file. rules holds the schema of
// each rule's parameters by rule ID; nil takes any rule and parameter.
func Schema(rules map[string]any) map[string]any {
	s, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText))
	if err != nil {
		panic("the policy's schema does not parse: " + err.Error())
	}
	schema := s.(map[string]any)
	if rules != nil {
		all := schema["properties"].(map[string]any)["rules"].(map[string]any)
		all["properties"], all["additionalProperties"] = rules, false
	}
	return schema
}

// Check holds a policy file against the schema that Schema returns for the
// rules. The error tells line, column and what to write instead.
func Check(file []byte, rules map[string]any) error {
	tree, err := parse(file)
	if err != nil {
		return err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("policy", Schema(rules)); err != nil {
		return fmt.Errorf("the policy's schema: %w", err)
	}
	schema, err := c.Compile("policy")
	if err != nil {
		return fmt.Errorf("the policy's schema: %w", err)
	}
	var bad *jsonschema.ValidationError
	if !errors.As(schema.Validate(tree), &bad) {
		return nil
	}
	return first(file, faults(bad))
}

// A fault is what is wrong at a path of keys and indices.
type fault struct {
	path []string
	err  error
}

// faults returns what is at the bottom of a schema's complaint.
func faults(bad *jsonschema.ValidationError) []fault {
	var out []fault
	add := func(why, key string) {
		out = append(out, fault{append(slices.Clone(bad.InstanceLocation), key), errors.New(why)})
	}
	words := message.NewPrinter(language.English)
	switch k := bad.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, key := range k.Properties {
			add("unknown key", key)
		}
	case *kind.PropertyNames:
		for _, cause := range bad.Causes {
			add(cause.ErrorKind.LocalizedString(words), k.Property)
		}
	case *kind.FalseSchema:
		out = append(out, fault{bad.InstanceLocation, errors.New("unknown key")})
	default:
		for _, cause := range bad.Causes {
			out = append(out, faults(cause)...)
		}
	}
	if out == nil {
		out = append(out, fault{bad.InstanceLocation, errors.New(bad.ErrorKind.LocalizedString(words))})
	}
	return out
}

// parse reads a policy file as a tree of JSON values, numbers as written.
func parse(file []byte) (map[string]any, error) {
	if len(bytes.TrimSpace(file)) == 0 {
		return nil, nil
	}
	if err := Sound(file); err != nil {
		return nil, err
	}
	var written any
	if err := yaml.Unmarshal(file, &written); err != nil {
		return nil, placed(yaml.FormatError(err, false, true))
	}
	text, err := json.Marshal(written)
	if err != nil { // .nan, .inf
		return nil, placed("a value is not a number: " + err.Error())
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, placed(err.Error())
	}
	switch tree := tree.(type) {
	case nil: // comments only
		return nil, nil
	case map[string]any:
		return tree, nil
	}
	return nil, placed("want keys and values")
}

// placed makes an error of what says no place itself: the file's beginning.
func placed(why string) error {
	if strings.HasPrefix(why, "[") {
		return errors.New(why)
	}
	return errors.New("[1:1] " + why)
}

// under returns the policy with a file's tree laid over it.
func (p *Policy) under(over map[string]any) (*Policy, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	under, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if text, err = json.Marshal(lay(under, over, "")); err != nil {
		return nil, err
	}
	out := &Policy{}
	if err := json.Unmarshal(text, out); err != nil {
		return nil, err
	}
	return out, nil
}

// keys are what tells the entries of a list apart, of the lists to which a file
// adds.
var keys = map[string][]string{
	"poverty_line":    {"year", "place"},
	"asset_limits":    {"kind", "place"},
	"account_batches": {"from", "to"},
}

// lay lays one tree over another. name is the key both stand under.
func lay(under, over any, name string) any {
	switch over := over.(type) {
	case map[string]any:
		out, _ := under.(map[string]any)
		out = maps.Clone(out)
		if out == nil {
			out = map[string]any{}
		}
		for k, v := range over {
			out[k] = lay(out[k], v, k)
		}
		return out
	case []any:
		key := keys[name]
		if key == nil {
			return over
		}
		out, _ := under.([]any)
		for _, entry := range over {
			out = slices.DeleteFunc(slices.Clone(out), func(o any) bool {
				return !slices.ContainsFunc(key, func(k string) bool { return o.(map[string]any)[k] != entry.(map[string]any)[k] })
			})
			out = append(out, entry)
		}
		return out
	}
	return over
}

// first returns the fault that stands first in a file as an error that tells
// line and column and shows the line.
func first(file []byte, faults []fault) error {
	f, err := parser.ParseBytes(file, 0)
	if err != nil {
		return err // not met: the file was parsed before
	}
	at := make(map[*fault]*token.Token, len(faults))
	all := make([]*fault, len(faults))
	for i := range faults {
		all[i] = &faults[i]
		at[all[i]] = tokenAt(f.Docs[0].Body, faults[i].path)
	}
	x := slices.MinFunc(all, func(a, b *fault) int {
		p, q := at[a].Position, at[b].Position
		return cmp.Or(p.Offset-q.Offset, strings.Compare(a.err.Error(), b.err.Error()))
	})
	var show printer.Printer
	p := at[x].Position
	return fmt.Errorf("[%d:%d] %s: %w\n%s", p.Line, p.Column, strings.Join(x.path, "."), x.err, strings.TrimRight(show.PrintErrorToken(at[x], false), "\n"))
}

// tokenAt returns where a path stands below a node, or the nearest above it.
func tokenAt(node ast.Node, path []string) *token.Token {
	at := node.GetToken()
	for _, step := range path {
		var next ast.Node
		switch n := node.(type) {
		case *ast.MappingNode:
			for _, v := range n.Values {
				if v.Key.GetToken().Value == step {
					next, at = v.Value, v.Key.GetToken()
				}
			}
		case *ast.SequenceNode:
			if i, err := strconv.Atoi(step); err == nil && i < len(n.Values) {
				next = n.Values[i]
				at = next.GetToken()
			}
		}
		if next == nil {
			break
		}
		node = next
	}
	return at
}
