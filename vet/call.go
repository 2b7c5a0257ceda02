package vet

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

func (c *reporter) call(n *ast.CallExpr) {
	if c.TypesInfo.Types[n.Fun].IsType() {
		c.conversion(n)
		return
	}
	switch name := builtin(c.TypesInfo, n); name {
	case "":
	case "len":
		if c.flow.reference(n.Args[0]) && !c.flow.emptyTests[n] {
			c.report(n, lookInside, types.ExprString(n)+" measures "+notTheValue(n.Args[0])+inAStep)
		}
		return
	case "min", "max":
		c.comparingCall(n, name, n.Args)
		return
	case "delete":
		if c.isHandle(n.Args[1]) {
			c.report(n.Args[1], compare, "the map key "+show(n.Args[1])+" is "+notTheValue(n.Args[1])+
				"; use a key that the program itself sets")
		}
		return
	case "print", "println":
		c.prints(n, name, n.Args)
		return
	default:
		return
	}
	fn := c.function(n)
	if fn == nil || fn.Pkg() == nil {
		return
	}
	name := fn.Pkg().Name() + "." + fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		name = show(n.Fun)
		c.method(n, fn, name)
		return
	}
	switch path := fn.Pkg().Path(); {
	case path == "fmt":
		c.fmtCall(n, fn.Name(), name)
	case path == "log", path == "log/slog":
		if !slices.Contains([]string{"New", "SetPrefix", "With", "Group", "String", "Any"}, fn.Name()) {
			c.prints(n, name, n.Args)
		}
	case path == "slices":
		c.slicesCall(n, fn.Name(), name)
	case path == "cmp" && (fn.Name() == "Compare" || fn.Name() == "Less"):
		c.comparingCall(n, name, n.Args)
	case path == "io" && fn.Name() == "WriteString" && len(n.Args) == 2 && isHash(c.TypesInfo.TypeOf(n.Args[0])):
		c.hashes(n, name, n.Args[1:])
	case path == "hash" || strings.HasPrefix(path, "hash/") || strings.HasPrefix(path, "crypto/"):
		c.hashes(n, name, n.Args)
	case path == "encoding/hex" && strings.HasPrefix(fn.Name(), "Encode"):
		c.hashes(n, name, n.Args)
	case slices.ContainsFunc(n.Args, c.startsReference):
	default:
		for _, i := range readArgs(path, fn.Name(), len(n.Args)) {
			if i < len(n.Args) && c.flow.reference(n.Args[i]) {
				c.report(n, lookInside, name+" reads "+notTheValue(n.Args[i])+inAStep)
				return
			}
		}
	}
}

// method looks at a call of a method that is not the library's.
func (c *reporter) method(n *ast.CallExpr, fn *types.Func, name string) {
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	path := fn.Pkg().Path()
	recv := c.TypesInfo.TypeOf(sel.X)
	switch {
	case path == "log" || path == "log/slog":
		if !slices.Contains([]string{"SetPrefix", "With", "WithGroup", "Enabled"}, fn.Name()) {
			c.prints(n, name, n.Args)
		}
	case path == "regexp" && len(n.Args) > 0 && c.flow.reference(n.Args[0]):
		c.report(n, lookInside, name+" reads "+notTheValue(n.Args[0])+inAStep)
	case path == "strings" && fn.FullName() == "(*strings.Replacer).Replace" && c.flow.reference(n.Args[0]):
		c.report(n, lookInside, name+" reads "+notTheValue(n.Args[0])+inAStep)
	case path == "encoding/base64" || path == "encoding/base32":
		if strings.Contains(fn.Name(), "Encode") {
			c.hashes(n, name, n.Args)
		}
	case isHash(recv) && (fn.Name() == "Write" || fn.Name() == "WriteString" || fn.Name() == "Sum"):
		c.hashes(n, name, n.Args)
	}
}

// startsReference reports whether e is the beginning of a reference: a function
// that gets it asks whether a text has one.
func (c *reporter) startsReference(e ast.Expr) bool {
	v := c.TypesInfo.Types[e].Value
	return v != nil && v.Kind() == constant.String && strings.HasPrefix(constant.StringVal(v), "$")
}

// readArgs returns which arguments a function looks into. What it puts together,
// or puts in place of something else, survives.
func readArgs(path, name string, count int) []int {
	all := make([]int, count)
	for i := range all {
		all[i] = i
	}
	switch path {
	case "strings":
		switch name {
		case "Clone", "Join", "NewReader", "NewReplacer", "Repeat", "ToValidUTF8":
			return nil
		case "Compare", "EqualFold":
			return all
		case "Map":
			return []int{1}
		}
		return []int{0}
	case "bytes":
		switch name {
		case "Clone", "Join", "NewReader", "NewBuffer", "NewBufferString", "Repeat", "ToValidUTF8":
			return nil
		case "Compare", "Equal", "EqualFold":
			return all
		case "Map":
			return []int{1}
		}
		return []int{0}
	case "strconv", "regexp", "net/url", "net/netip", "unicode/utf8":
		return all
	case "net":
		if strings.HasPrefix(name, "Parse") || strings.HasSuffix(name, "HostPort") {
			return all
		}
	case "path", "path/filepath":
		switch name {
		case "Clean", "Join", "FromSlash", "ToSlash":
			return nil
		}
		return all
	case "time":
		if strings.HasPrefix(name, "Parse") {
			return all
		}
	case "k8s.io/apimachinery/pkg/api/resource":
		return all
	}
	return nil
}

// comparingCall reports a call that compares its arguments.
func (c *reporter) comparingCall(n *ast.CallExpr, name string, args []ast.Expr) {
	if slices.ContainsFunc(args, c.isEmpty) {
		return
	}
	for _, a := range args {
		if c.isHandle(a) {
			c.report(n, compare, name+" compares "+notTheValue(a)+"; use When with In, or compare it in a step")
			return
		}
	}
}

// slicesCall reports searches for a handle, and what orders handles.
func (c *reporter) slicesCall(n *ast.CallExpr, fn, name string) {
	switch fn {
	case "Contains", "Index", "BinarySearch":
		if len(n.Args) != 2 || c.isEmpty(n.Args[1]) {
			return
		}
		if c.isHandle(n.Args[1]) {
			c.comparingCall(n, name, n.Args[1:])
		} else if c.listsHandles(n.Args[0]) {
			c.report(n, compare, name+" compares variables, not the values that "+show(n.Args[0])+
				" has in a run; use When with In, or compare them in a step")
		}
	case "Sort", "Sorted", "IsSorted", "Max", "Min", "Compact", "Equal", "Compare":
		if len(n.Args) > 0 && c.listsHandles(n.Args[0]) {
			c.report(n, compare, name+" compares variables, not the values that "+show(n.Args[0])+
				" has in a run; compare them in a step")
		}
	}
}

// listsHandles reports whether e is a list in which a handle may be.
func (c *reporter) listsHandles(e ast.Expr) bool {
	t := c.TypesInfo.TypeOf(e)
	if t == nil {
		return false
	}
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	return isOpaque(s.Elem()) || isText(s.Elem()) && !c.flow.partsPlain(e, item)
}

// hashes reports the hash of a handle.
func (c *reporter) hashes(n *ast.CallExpr, name string, args []ast.Expr) {
	for _, a := range args {
		if c.isHandle(a) || c.isHandle(unsliced(a)) {
			c.report(n, hashing, name+" gets "+notTheValue(unsliced(a))+inAStep)
			return
		}
	}
}

func unsliced(e ast.Expr) ast.Expr {
	if s, ok := ast.Unparen(e).(*ast.SliceExpr); ok {
		return s.X
	}
	return e
}

// isHash reports whether t is a hash.Hash, or has its methods.
func isHash(t types.Type) bool {
	if t == nil {
		return false
	}
	for _, name := range []string{"Sum", "BlockSize", "Reset"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj == nil {
			return false
		}
	}
	return true
}

// prints reports a handle that a person gets to read.
func (c *reporter) prints(n *ast.CallExpr, name string, args []ast.Expr) {
	for _, a := range args {
		if c.printed(a) {
			c.report(n, printing, name+" prints "+notTheValue(a)+"; print it in a step")
			return
		}
	}
}

// printed reports whether a handle is written where e is.
func (c *reporter) printed(e ast.Expr) bool {
	t := c.TypesInfo.TypeOf(e)
	switch {
	case t == nil:
		return false
	case isText(t):
		return c.flow.reference(e)
	case holdsHandles(t):
		return isOpaque(t) || !c.flow.partsPlain(e, item) || !c.flow.partsPlain(e, key)
	}
	return c.flow.reference(e)
}

func (c *reporter) fmtCall(n *ast.CallExpr, fn, name string) {
	switch fn {
	case "Print", "Println", "Printf":
		c.prints(n, name, n.Args)
	case "Fprint", "Fprintln", "Fprintf":
		if len(n.Args) > 0 && (c.isStd(n.Args[0])) {
			c.prints(n, name, n.Args[1:])
		} else if fn == "Fprintf" {
			c.format(n, name, 1)
		}
	case "Sprintf", "Errorf":
		c.format(n, name, 0)
	case "Appendf":
		c.format(n, name, 1)
	case "Sscan", "Sscanf", "Sscanln":
		if len(n.Args) > 0 && c.flow.reference(n.Args[0]) {
			c.report(n, lookInside, name+" reads "+notTheValue(n.Args[0])+inAStep)
		}
	}
}

// isStd reports whether e is os.Stdout or os.Stderr.
func (c *reporter) isStd(e ast.Expr) bool {
	v := c.flow.variable(e)
	return v != nil && v.Pkg() != nil && v.Pkg().Path() == "os" && (v.Name() == "Stdout" || v.Name() == "Stderr")
}

// format reports verbs that change the text of a handle. Where it cannot tell
// which verb belongs to which argument, it reports nothing.
func (c *reporter) format(n *ast.CallExpr, name string, at int) {
	if len(n.Args) <= at || n.Ellipsis.IsValid() {
		return
	}
	tv := c.TypesInfo.Types[n.Args[at]]
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return
	}
	args := n.Args[at+1:]
	for i, v := range verbs(constant.StringVal(tv.Value)) {
		if i >= len(args) || v == "*" || !c.printed(args[i]) {
			continue
		}
		if c.isMap(args[i]) && !strings.ContainsAny(v, ".qxX") {
			continue
		}
		switch verb := v[len(v)-1]; {
		case verb == 'q' || verb == 'v' && strings.Contains(v, "#"):
			var fixes []analysis.SuggestedFix
			if _, ok := c.TypesInfo.TypeOf(args[i]).Underlying().(*types.Basic); ok {
				fixes = c.quoteByHand(n.Args[at], v)
			}
			c.report(n, formatting, name+" with "+v+" quotes "+notTheValue(args[i])+
				`, and Build refuses the result; use "%s" instead`, fixes...)
		case verb == 'x' || verb == 'X':
			c.report(n, formatting, name+" with "+v+" encodes "+notTheValue(args[i])+inAStep)
		case strings.Contains(v, ".") && (verb == 's' || verb == 'v'):
			c.report(n, formatting, name+" with "+v+" cuts "+notTheValue(args[i])+inAStep)
		}
	}
}

func (c *reporter) isMap(e ast.Expr) bool {
	_, ok := c.TypesInfo.TypeOf(e).Underlying().(*types.Map)
	return ok
}

// quoteByHand replaces a %q that the format has once by "%s".
func (c *reporter) quoteByHand(format ast.Expr, verb string) []analysis.SuggestedFix {
	lit, ok := ast.Unparen(format).(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING || verb != "%q" || strings.Count(lit.Value, "%q") != 1 || strings.Contains(lit.Value, "%%q") {
		return nil
	}
	text := `"%s"`
	if lit.Value[0] == '"' {
		text = `\"%s\"`
	}
	start := lit.Pos() + token.Pos(strings.Index(lit.Value, "%q"))
	return []analysis.SuggestedFix{{
		Message:   "Replace %q by " + strconv.Quote("%s"),
		TextEdits: []analysis.TextEdit{{Pos: start, End: start + 2, NewText: []byte(text)}},
	}}
}

// verbs returns the verbs of a format in the order of their arguments, with "*"
// where a width is an argument. It returns nil for a format with indexes.
func verbs(format string) []string {
	var list []string
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		start := i
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.*[]", format[i]) >= 0; i++ {
			switch format[i] {
			case '[':
				return nil
			case '*':
				list = append(list, "*")
			}
		}
		if i < len(format) && format[i] != '%' {
			list = append(list, format[start:i+1])
		}
	}
	return list
}

// conversion reports a handle of a pipeline that becomes one of a task, and the
// reverse.
func (c *reporter) conversion(n *ast.CallExpr) {
	if len(n.Args) != 1 {
		return
	}
	to := builderType(c.TypesInfo.TypeOf(n))
	from := c.scopeOf(n.Args[0])
	switch {
	case to == "TaskString" && from == "String":
		c.report(n, scope, types.ExprString(n)+" uses a variable of the pipeline in a task, where Tekton does not replace it"+
			"; declare a param with Task.Param and use what it returns")
	case to == "String" && from == "TaskString":
		c.report(n, scope, types.ExprString(n)+" uses a variable of a task in the pipeline, where Tekton does not replace it"+
			"; declare a result with Task.Result and use its Value")
	}
}

// scopeOf returns the type of the handle that a text is made of, also by way of
// string, and "" if there is none.
func (c *reporter) scopeOf(e ast.Expr) string {
	e = ast.Unparen(e)
	if !c.flow.reference(e) {
		return ""
	}
	if t := c.TypesInfo.TypeOf(e); isText(t) {
		return builderType(t)
	}
	switch x := e.(type) {
	case *ast.CallExpr:
		if c.TypesInfo.Types[x.Fun].IsType() && len(x.Args) == 1 {
			return c.scopeOf(x.Args[0])
		}
	case *ast.BinaryExpr:
		if s := c.scopeOf(x.X); s != "" {
			return s
		}
		return c.scopeOf(x.Y)
	}
	return ""
}
