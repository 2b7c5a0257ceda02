package builder

import (
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// axis is the array of an Each, encoded in the text of the token.
type axis struct {
	Name  string   `json:"n,omitempty"` // made by Axis
	Set   bool     `json:"g,omitempty"`
	Whole string   `json:"w,omitempty"`
	Items []String `json:"i,omitempty"`
}

func encodeAxis(name string, a Array) string {
	x := axis{Name: name}
	if a.d != nil {
		x.Set, x.Whole, x.Items = true, a.d.whole, a.d.items
	}
	b, err := json.Marshal(x)
	if err != nil {
		return ""
	}
	return hex.EncodeToString(b)
}

func decodeAxis(s string) axis {
	var x axis
	b, err := hex.DecodeString(s)
	if err != nil || json.Unmarshal(b, &x) != nil {
		return axis{}
	}
	return x
}

// array returns the array that was encoded.
func (x axis) array() Array {
	if !x.Set {
		return Array{}
	}
	return Array{&array{whole: x.Whole, items: x.Items}}
}

// isResultOf reports whether expr is a string result of the named task.
func isResultOf(expr, task string) bool {
	name, ok := strings.CutPrefix(expr, tekref.TaskResultOf(task, "").Expr)
	return ok && !strings.ContainsAny(name, ".[")
}
