// Package steptest holds the tests of a stage to its constants and words: each
// number one step off, and each word dropped, must change what the stage's
// fixtures give, or nobody would notice if it were wrong. A stage keeps its
// numbers in one struct and its words in lists, which are the register.
package steptest

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// Numbers steps each number of a struct up and down and calls run, which gives
// what the stage's fixtures come to. A step is 1 of an integer and a fiftieth of
// a float. A field of which both steps pass unnoticed fails, and so does one of
// which one does, unless oneSided names it and says why.
func Numbers[T any](t *testing.T, limits *T, oneSided map[string]string, run func() string) {
	t.Helper()
	want := run()
	v := reflect.ValueOf(limits).Elem()
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		missed := []string{}
		for _, up := range []bool{false, true} {
			old := reflect.New(f.Type()).Elem()
			old.Set(f)
			step(f, up)
			if run() == want {
				missed = append(missed, map[bool]string{false: "lower", true: "higher"}[up])
			}
			f.Set(old)
		}
		switch {
		case len(missed) == 2 || len(missed) == 1 && oneSided[name] == "":
			t.Errorf("%s: no fixture tells it from one step %s", name, missed)
		case len(missed) == 0 && oneSided[name] != "":
			t.Errorf("%s: both steps are told now: take it off the list of one-sided ones", name)
		}
	}
}

func step(f reflect.Value, up bool) {
	sign := map[bool]int64{false: -1, true: 1}[up]
	switch f.Kind() {
	case reflect.Float64:
		f.SetFloat(f.Float() * (1 + float64(sign)/50))
	case reflect.Int, reflect.Int64, reflect.Int32:
		f.SetInt(f.Int() + sign)
	default:
		panic(fmt.Sprintf("a %s has no step", f.Type()))
	}
}

// Words drops each word of a list in turn and calls run, which gives what the
// stage's fixtures come to.
func Words(t *testing.T, name string, list *[]string, run func() string) {
	t.Helper()
	all, want := *list, run()
	defer func() { *list = all }()
	for i, w := range all {
		*list = slices.Delete(slices.Clone(all), i, i+1)
		if run() == want {
			t.Errorf("%s: no fixture misses %q", name, w)
		}
	}
}
