package builder

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// joined are the string inputs of a task with a matrix whose values join an axis to
// other text. Tekton replaces no param of a task in the other params of the same task,
// so the Task gets a param for each axis and for the text between, and joins them.
type joined struct {
	axes   map[string]joinedAxis // by the name of the axis
	own    []string              // the axes that the Task has a param for of the same name
	inputs map[string]bool       // the inputs that are joined, which are no params of the Task
	shape  []string              // what the Task joins, in the order of Define
}

// joinedAxis is the param of the Task that gets the items of an axis.
type joinedAxis struct {
	param string
	array string // encoded
}

// join declares the params that an input is joined from, and returns how the Task joins
// them. It returns false if the input is to be declared as it is.
func (t *Task) join(d *paramDecl, v String) (TaskString, bool) {
	n := t.pipelineTask
	if !n.matrixed || n.including || handle.Plain(string(v)) {
		return "", false
	}
	parts, fault := handle.Parse(string(v))
	if fault != handle.NoFault || !slices.ContainsFunc(parts, isAxis) {
		return "", false
	}
	if len(parts) == 1 {
		x := decodeAxis(parts[0].Token.Expr)
		if _, ok := t.joined.axes[x.Name]; !ok {
			t.setAxis(x, d)
			return "", false // as with Each
		}
	}
	if slices.ContainsFunc(parts, func(p handle.Part) bool { return isEach(p) && !isAxis(p) }) {
		return "", false // reported as misplaced
	}
	n.checkBound(&input{at: d.at, name: d.name, kind: stringKind, str: v})
	var out, between strings.Builder
	shape, count := d.name, 0
	flush := func() {
		if between.Len() == 0 {
			return
		}
		count++
		part := &paramDecl{at: d.at, name: fmt.Sprintf("%s-part-%d", d.name, count), kind: stringKind, desc: fmt.Sprintf("part %d of %s", count, d.name)}
		if d.desc != "" {
			part.desc += ": " + d.desc
		}
		t.params = append(t.params, part)
		n.params = append(n.params, &input{at: d.at, name: part.name, kind: stringKind, str: String(between.String())})
		out.WriteString(t.token(handle.Value, tekref.ParamOf(part.name)))
		shape += "," + part.name
		between.Reset()
	}
	for _, p := range parts {
		switch {
		case p.Token == nil:
			between.WriteString(p.Text)
		case !isAxis(p):
			between.WriteString(p.Token.String())
		default:
			flush()
			param := t.axisParam(d, *p.Token)
			out.WriteString(t.token(handle.Value, tekref.ParamOf(param)))
			shape += "," + param
		}
	}
	flush()
	if t.joined.inputs == nil {
		t.joined.inputs = map[string]bool{}
	}
	t.joined.inputs[d.name] = true
	t.joined.shape = append(t.joined.shape, shape)
	return TaskString(out.String()), true
}

// axisParam returns the param of the Task that gets the items of an axis, which it
// declares for the first input that needs it.
func (t *Task) axisParam(d *paramDecl, tok handle.Token) string {
	x := decodeAxis(tok.Expr)
	if a, ok := t.joined.axes[x.Name]; ok {
		if a.array != encodeAxis("", x.array()) {
			t.reportf(t.pipelineTask.at, "each-misplaced", "task %s uses two arrays as axis %s", quote(t.pipelineTask.name), quote(x.Name)).
				Help = "give each axis another name"
		}
		return a.param
	}
	p := &paramDecl{at: d.at, name: x.Name, kind: stringKind, desc: "the item of the matrix"}
	t.setAxis(x, p)
	t.joined.own = append(t.joined.own, x.Name)
	t.params = append(t.params, p)
	t.pipelineTask.params = append(t.pipelineTask.params, &input{at: d.at, name: x.Name, kind: stringKind, str: String(tok.String())})
	return x.Name
}

func (t *Task) setAxis(x axis, d *paramDecl) {
	if t.joined.axes == nil {
		t.joined.axes = map[string]joinedAxis{}
	}
	t.joined.axes[x.Name] = joinedAxis{param: d.name, array: encodeAxis("", x.array())}
}

// finishJoin gives a Task that joins its inputs a name of its own, which is the same for
// all tasks that join the same inputs in the same way.
func (t *Task) finishJoin() {
	if t.joined.shape == nil {
		return
	}
	for _, axis := range t.joined.own {
		inputs := 0
		for _, p := range t.params {
			if p.name == axis {
				inputs++
			}
		}
		if inputs > 1 || t.joined.inputs[axis] {
			t.reportf(t.pipelineTask.at, "each-misplaced", "axis %s of task %s has the name of an input of %s", quote(axis), quote(t.pipelineTask.name), t.typeName).
				Help = "give the axis another name"
		}
	}
	if t.source != nil {
		t.reportf(t.pipelineTask.at, "each-misplaced", "task %s joins an axis to other text, but the steps of %s are not declared in Go", quote(t.pipelineTask.name), t.typeName).
			Help = "pass Each or Axis as the whole input"
		return
	}
	sum := sha256.Sum256([]byte(strings.Join(t.joined.shape, "\n")))
	t.name += "-" + hex.EncodeToString(sum[:4])
}

// isEach reports whether a part of a text is an axis, with a name or without.
func isEach(p handle.Part) bool { return p.Token != nil && p.Token.Form == handle.Each }

// isAxis reports whether a part of a text is an axis with a name.
func isAxis(p handle.Part) bool { return isEach(p) && decodeAxis(p.Token.Expr).Name != "" }

// withoutAxes returns the axes with a name in a text, and the text with their names
// in place of them.
func withoutAxes(s String) (axes []axis, rest String) {
	parts, _ := handle.Parse(string(s))
	for _, p := range parts {
		switch {
		case isAxis(p):
			x := decodeAxis(p.Token.Expr)
			axes, rest = append(axes, x), rest+String(x.Name)
		case p.Token == nil:
			rest += String(p.Text)
		default:
			rest += String(p.Token.String())
		}
	}
	return axes, rest
}
