package vet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

const (
	library = "github.com/tekwright/tekwright"
	builder = library + "/pkg/builder"

	page = "https://github.com/tekwright/tekwright/blob/main/docs/vet.md"
)

// Analyzer reports Go code that treats a handle of package builder as the value
// that it has when a pipeline runs.
var Analyzer = &analysis.Analyzer{
	Name: "tekwright",
	Doc: `report Go code that treats a tekwright handle as its value

A handle such as builder.String holds a variable. Tekton replaces it when
the pipeline runs. Comparing, cutting, measuring, hashing or printing a handle in Go
does that with the reference, not with the value:

	if repo == "main" { ... } // always false

Use When(repo.In("main")) for a condition, and compute everything else in a step.`,
	URL:      page,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// Categories of diagnostics. Each is a heading in docs/vet.md.
const (
	compare    = "compare"
	lookInside = "look-inside"
	hashing    = "hash"
	printing   = "print"
	formatting = "format"
	scope      = "scope"
	unused     = "unused"
)

// texts are the handles that are strings, opaque those that are structs.
var (
	texts  = []string{"String", "TaskString"}
	opaque = []string{
		"Array", "Object", "Workspace", "TaskArray", "TaskObject", "Mount", "Status", "Reason",
		"Result", "ArrayResult", "ObjectResult", "StepResult",
		"StepArrayResult", "StepObjectResult", "Volume",
	}
)

// reporter looks at one package.
type reporter struct {
	*analysis.Pass
	flow    *flow
	ignored map[string]map[int]bool // lines by file
}

func run(pass *analysis.Pass) (any, error) {
	usesLibrary := false
	for _, p := range pass.Pkg.Imports() {
		usesLibrary = usesLibrary || strings.HasPrefix(p.Path(), library+"/")
	}
	if !usesLibrary || strings.TrimSuffix(pass.Pkg.Path(), "_test") == builder {
		return nil, nil // the builder knows what is in a handle, and its tests misuse handles on purpose
	}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	c := &reporter{Pass: pass, flow: newFlow(pass.TypesInfo, pass.Pkg, in), ignored: map[string]map[int]bool{}}
	c.readComments()
	for n := range in.PreorderSeq(
		(*ast.BinaryExpr)(nil), (*ast.SwitchStmt)(nil), (*ast.IndexExpr)(nil), (*ast.CompositeLit)(nil),
		(*ast.SliceExpr)(nil), (*ast.RangeStmt)(nil), (*ast.CallExpr)(nil), (*ast.ExprStmt)(nil),
	) {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			c.binary(n)
		case *ast.SwitchStmt:
			c.switches(n)
		case *ast.IndexExpr:
			c.index(n)
		case *ast.CompositeLit:
			c.mapLiteral(n)
		case *ast.SliceExpr:
			c.slice(n)
		case *ast.RangeStmt:
			c.ranges(n)
		case *ast.CallExpr:
			c.call(n)
		case *ast.ExprStmt:
			c.statement(n)
		}
	}
	return nil, nil
}

// readComments finds the lines on which nothing is reported: those with
// //tekwright:ignore and a reason, and the lines that follow such a comment.
func (c *reporter) readComments() {
	for _, f := range c.Files {
		for _, group := range f.Comments {
			for _, comment := range group.List {
				reason, ok := strings.CutPrefix(comment.Text, "//tekwright:ignore ")
				if !ok || strings.TrimSpace(reason) == "" {
					continue
				}
				at := c.Fset.Position(comment.Pos())
				lines := c.ignored[at.Filename]
				if lines == nil {
					lines = map[int]bool{}
					c.ignored[at.Filename] = lines
				}
				lines[at.Line], lines[at.Line+1] = true, true
			}
		}
	}
}

// report reports what is wrong with n.
func (c *reporter) report(n ast.Node, category, message string, fixes ...analysis.SuggestedFix) {
	at := c.Fset.Position(n.Pos())
	if c.ignored[at.Filename][at.Line] {
		return
	}
	if strings.HasSuffix(at.Filename, "_test.go") && category != scope && category != unused {
		return // a test may look at a text on purpose, and fails if it is another
	}
	c.Report(analysis.Diagnostic{
		Pos: n.Pos(), End: n.End(), Category: category, Message: message,
		URL: page + "#" + category, SuggestedFixes: fixes,
	})
}

// builderType returns the name of a type of package builder, "" for another type.
func builderType(t types.Type) string {
	if t == nil {
		return ""
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	obj := named.Obj()
	if obj.Pkg() == nil || obj.Pkg().Path() != builder {
		return ""
	}
	return obj.Name()
}

func isText(t types.Type) bool   { return slices.Contains(texts, builderType(t)) }
func isOpaque(t types.Type) bool { return slices.Contains(opaque, builderType(t)) }

// holdsHandles reports whether a value of type t, as package fmt writes it, has a
// handle in it: a handle, or a list or a map of handles.
func holdsHandles(t types.Type) bool { return holds(t, 3) }

// holds looks into lists of lists so many times: a type can be a list of itself.
func holds(t types.Type, depth int) bool {
	if isText(t) || isOpaque(t) {
		return true
	}
	if t == nil || depth == 0 {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return holds(u.Elem(), depth-1)
	case *types.Array:
		return holds(u.Elem(), depth-1)
	case *types.Map:
		return holds(u.Key(), depth-1) || holds(u.Elem(), depth-1)
	}
	return false
}

// show writes an expression as the user did, without conversions to string.
func show(e ast.Expr) string {
	for {
		e = ast.Unparen(e)
		call, ok := e.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			break
		}
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "string" {
			e = call.Args[0]
			continue
		}
		if a, ok := call.Fun.(*ast.ArrayType); ok && a.Len == nil {
			e = call.Args[0]
			continue
		}
		break
	}
	s := types.ExprString(e)
	if len(s) > 60 {
		return "this text"
	}
	return s
}

// notTheValue is what every diagnostic says about a reference.
func notTheValue(e ast.Expr) string {
	return "a variable, not the value that " + show(e) + " has in a run"
}

const inAStep = "; pass it to a step through Env, and do this in its script"

// function returns the function or method that a call calls, nil for other calls.
func (c *reporter) function(call *ast.CallExpr) *types.Func { return calledFunction(c.TypesInfo, call) }

func calledFunction(info *types.Info, call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	f, _ := info.Uses[id].(*types.Func)
	return f
}

// builtin returns the name of the builtin function that a call calls.
func builtin(info *types.Info, call *ast.CallExpr) string {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// isComparison reports whether an operator compares.
func isComparison(op token.Token) bool {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return true
	}
	return false
}
