package names

import "testing"

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"张三", "张三", true},
		{"张 三", " 张　三\t", true},
		{"张三", "張三", true},
		{"陈国华", "陳囯華", true},
		{"张三(户主)", "张三", true},
		{"张三（已故）", "张三【户主】", true},
		{"张三(户主", "张三", true},
		{"阿卜杜·热合曼", "阿卜杜•热合曼", true},
		{"阿卜杜·热合曼", "阿卜杜.热合曼", true},
		{"阿卜杜・热合曼", "阿卜杜热合曼", true},
		{"ＬＩ ming", "Li Ming", true},
		{"韦建国", "韦健国", true}, // homophone
		{"李晓红", "李小红", true},
		{"曾单", "增善", true}, // both characters in a second reading
		{"覃秀英", "秦秀英", true},
		{"张三", "张四", false},
		{"张三", "张三丰", false},
		{"韦建国", "韦国建", false},
		{"李秀英", "李秀兰", false},
		{"LI MING", "LI MIN", false},
		{"", "", false},
		{"张三", "", false},
		{"(户主)", "(户主)", false},
		{"·", "·", false},
	} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%q, %q) = %t", c.a, c.b, got)
		}
		if got := Same(c.b, c.a); got != c.want {
			t.Errorf("Same(%q, %q) = %t", c.b, c.a, got)
		}
	}
}

// Every variant folds to the form its group is compared in, and to one only.
func TestVariantsFoldOnce(t *testing.T) {
	for from, to := range variants() {
		if from == to {
			t.Errorf("%c stands for itself", from)
		}
		if again, ok := variants()[to]; ok {
			t.Errorf("%c folds to %c, which folds to %c", from, to, again)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"张 三(户主)", "陳囯華", "阿卜杜·热合曼", "ＬＩ", "((", "", "\xff张"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if again := Fold(once); again != once {
			t.Fatalf("Fold(%q) = %q, folded again %q", s, once, again)
		}
		if Same(s, s) != (once != "") {
			t.Fatalf("Same(%q, itself) with fold %q", s, once)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("韦建国")
	}
}

func TestPersonal(t *testing.T) {
	for name, want := range map[string]bool{
		"韦小坡": true, "韦小坡（代收）": true, "闫小坡": true, "晏二": true, "欧阳小坡": true,
		"财政局": false, "大河镇": false, "石山村": false, "甲县财政局": false, "项目部": false, "往来款": false, "韦": false, "": false,
	} {
		if got := Personal(name); got != want {
			t.Errorf("Personal(%q) = %t", name, got)
		}
	}
}
