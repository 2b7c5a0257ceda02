package vet

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
)

// A flow knows what is written to the variables of a package, without an order:
// whether a text is one that the program itself sets, or may be a reference.
type flow struct {
	info    *types.Info
	pkg     *types.Package
	writes  map[*types.Var][]source
	stores  map[*types.Var][]source // what is stored in a slice or a map
	spoiled map[*types.Var]bool     // written in a way that is not followed
	public  map[*types.Var]bool     // fields that other packages can write

	returns map[*types.Func][]ast.Expr // of functions of the package that return one thing

	emptyTests map[*ast.CallExpr]bool // len(x) == 0 and the like

	asking   map[question]bool
	answered map[question]bool // the answers to questions that did not come up in others
}

// A source is what a variable is set to: an expression, or an item or a key of one.
type source struct {
	e    ast.Expr
	part part
}

type part int

const (
	whole part = iota
	item
	key
)

// A question is one that is being answered: variables can depend on each other.
type question struct {
	about types.Object
	what  int
}

func newFlow(info *types.Info, pkg *types.Package, in *inspector.Inspector) *flow {
	f := &flow{
		info: info, pkg: pkg,
		writes: map[*types.Var][]source{}, stores: map[*types.Var][]source{},
		spoiled: map[*types.Var]bool{}, public: map[*types.Var]bool{}, returns: map[*types.Func][]ast.Expr{},
		emptyTests: map[*ast.CallExpr]bool{}, asking: map[question]bool{}, answered: map[question]bool{},
	}
	for _, name := range pkg.Scope().Names() {
		t, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || !t.Exported() || pkg.Name() == "main" {
			continue
		}
		if s, ok := t.Type().Underlying().(*types.Struct); ok {
			for i := range s.NumFields() {
				// What has a tag is decoded from a file, as text.
				f.public[s.Field(i)] = s.Field(i).Exported() && s.Tag(i) == ""
			}
		}
	}

	// Calls of functions that are only called, whose parameters are known therefore.
	calls := map[types.Object][]*ast.CallExpr{}
	called := map[*ast.Ident]bool{}
	stringPointer := map[ast.Expr]bool{} // (*string)(&x): what is written there is a string, such as a flag
	for n := range in.PreorderSeq((*ast.CallExpr)(nil)) {
		call := n.(*ast.CallExpr)
		if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && info.Uses[id] != nil {
			calls[info.Uses[id]] = append(calls[info.Uses[id]], call)
			called[id] = true
		}
		if len(call.Args) == 1 && types.Identical(info.TypeOf(call.Fun), types.NewPointer(types.Typ[types.String])) {
			stringPointer[ast.Unparen(call.Args[0])] = true
		}
	}
	usedAsValue := map[types.Object]bool{}
	for id, obj := range info.Uses {
		if !called[id] {
			usedAsValue[obj] = true
		}
	}
	bound := map[*ast.FuncType]types.Object{} // the functions that are only called

	for n := range in.PreorderSeq(
		(*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.RangeStmt)(nil), (*ast.UnaryExpr)(nil),
		(*ast.CompositeLit)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil), (*ast.BinaryExpr)(nil),
	) {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			f.emptyTest(n.X, n.Y, n.Op)
			f.emptyTest(n.Y, n.X, n.Op)
		case *ast.AssignStmt:
			f.assign(n.Lhs, n.Rhs)
			for i, l := range n.Lhs {
				if id, ok := l.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) && n.Tok == token.DEFINE {
					f.bind(bound, usedAsValue, id, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			var names []ast.Expr
			for i, id := range n.Names {
				names = append(names, id)
				if len(n.Values) == len(n.Names) {
					f.bind(bound, usedAsValue, id, n.Values[i])
				}
				if v, ok := info.Defs[id].(*types.Var); ok && len(n.Values) == 0 && f.writes[v] == nil {
					f.writes[v] = []source{} // the zero value
				}
			}
			if len(n.Values) > 0 {
				f.assign(names, n.Values)
			}
		case *ast.RangeStmt:
			f.rangeOver(n)
		case *ast.UnaryExpr:
			if n.Op == token.AND && !stringPointer[n] {
				if v := f.variable(n.X); v != nil {
					f.spoiled[v] = true
				}
			}
		case *ast.CompositeLit:
			f.structLiteral(n)
		case *ast.FuncDecl:
			if obj := info.Defs[n.Name]; obj != nil && n.Recv == nil && !obj.Exported() && !usedAsValue[obj] && n.Type.TypeParams == nil {
				bound[n.Type] = obj
			}
			f.params(n.Type, calls[bound[n.Type]], bound[n.Type] != nil)
			f.spoil(n.Recv)
			f.readReturns(n)
		case *ast.FuncLit:
			f.params(n.Type, calls[bound[n.Type]], bound[n.Type] != nil)
		}
	}
	return f
}

// readReturns notes what a function returns.
func (f *flow) readReturns(n *ast.FuncDecl) {
	fn, ok := f.info.Defs[n.Name].(*types.Func)
	if !ok || n.Body == nil || n.Type.Results.NumFields() != 1 || len(n.Type.Results.List[0].Names) > 0 {
		return
	}
	ast.Inspect(n.Body, func(x ast.Node) bool {
		if r, ok := x.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
			f.returns[fn] = append(f.returns[fn], r.Results[0])
		}
		_, literal := x.(*ast.FuncLit)
		return !literal
	})
}

// everyReturn reports whether the answer is yes for all that fn returns.
func (f *flow) everyReturn(fn *types.Func, what int, answer func(ast.Expr) bool) bool {
	if fn == nil || len(f.returns[fn.Origin()]) == 0 {
		return false
	}
	return f.answer(question{fn.Origin(), what}, func() bool {
		return !slices.ContainsFunc(f.returns[fn.Origin()], func(e ast.Expr) bool { return !answer(e) })
	})
}

// emptyTest notes a comparison of len(x) with 0 or 1, which asks whether x is given.
func (f *flow) emptyTest(x, y ast.Expr, op token.Token) {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if v := f.info.Types[y].Value; ok && v != nil && isComparison(op) && v.Kind() == constant.Int {
		if n, exact := constant.Int64Val(v); exact && (n == 0 || n == 1 && op != token.EQL && op != token.NEQ) {
			f.emptyTests[call] = true
		}
	}
}

// bind notes that a variable holds a function literal and is only called.
func (f *flow) bind(bound map[*ast.FuncType]types.Object, usedAsValue map[types.Object]bool, id *ast.Ident, value ast.Expr) {
	lit, ok := ast.Unparen(value).(*ast.FuncLit)
	if obj := f.info.Defs[id]; ok && obj != nil && !usedAsValue[obj] && (obj.Parent() != f.pkg.Scope() || !obj.Exported()) {
		bound[lit.Type] = obj
	}
}

// params notes the arguments of calls as what the parameters are set to.
func (f *flow) params(t *ast.FuncType, calls []*ast.CallExpr, allKnown bool) {
	f.spoil(t.Results)
	if !allKnown {
		f.spoil(t.Params)
		return
	}
	var vars []*types.Var
	for _, field := range t.Params.List {
		_, variadic := field.Type.(*ast.Ellipsis)
		if len(field.Names) == 0 {
			vars = append(vars, nil)
		}
		for _, id := range field.Names {
			v, _ := f.info.Defs[id].(*types.Var)
			if variadic && v != nil {
				f.spoiled[v] = true
				v = nil
			}
			vars = append(vars, v)
		}
	}
	for _, call := range calls {
		for i, v := range vars {
			switch {
			case v == nil:
			case i < len(call.Args) && (len(vars) == 1 || len(call.Args) > 1):
				f.writes[v] = append(f.writes[v], source{e: call.Args[i]})
			default:
				f.spoiled[v] = true
			}
		}
	}
}

// spoil notes that parameters are set by callers that are not known.
func (f *flow) spoil(list *ast.FieldList) {
	if list == nil {
		return
	}
	for _, field := range list.List {
		for _, id := range field.Names {
			if v, ok := f.info.Defs[id].(*types.Var); ok {
				f.spoiled[v] = true
			}
		}
	}
}

// variable returns the variable or the field that an expression is, or nil.
func (f *flow) variable(e ast.Expr) *types.Var {
	var id *ast.Ident
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	v, _ := f.info.ObjectOf(id).(*types.Var)
	if v != nil {
		v = v.Origin()
	}
	return v
}

func (f *flow) assign(to, from []ast.Expr) {
	for i, l := range to {
		switch {
		case len(to) == len(from):
			f.write(l, source{e: from[i]})
		case i == 0:
			if x, ok := ast.Unparen(from[0]).(*ast.IndexExpr); ok {
				f.write(l, source{e: x})
				continue
			}
			fallthrough
		default:
			if v := f.variable(l); v != nil {
				f.spoiled[v] = true
			}
		}
	}
}

func (f *flow) write(to ast.Expr, s source) {
	if v := f.variable(to); v != nil {
		f.writes[v] = append(f.writes[v], s)
		return
	}
	if x, ok := ast.Unparen(to).(*ast.IndexExpr); ok {
		if v := f.variable(x.X); v != nil {
			f.stores[v] = append(f.stores[v], s, source{e: x.Index, part: key})
		}
	}
}

func (f *flow) rangeOver(n *ast.RangeStmt) {
	t := f.info.TypeOf(n.X)
	if t == nil {
		return
	}
	at := func(e ast.Expr, p part) {
		if e != nil {
			f.write(e, source{n.X, p})
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		at(n.Key, key)
		at(n.Value, item)
	case *types.Slice, *types.Array, *types.Pointer:
		at(n.Value, item)
	case *types.Signature: // an iterator
		if p, ok := u.Params().At(0).Type().Underlying().(*types.Signature); ok && p.Params().Len() == 1 {
			at(n.Key, item)
		} else {
			at(n.Key, key)
			at(n.Value, item)
		}
	default:
		for _, e := range []ast.Expr{n.Key, n.Value} {
			if e == nil {
				continue
			}
			if v := f.variable(e); v != nil {
				f.spoiled[v] = true
			}
		}
	}
}

func (f *flow) structLiteral(n *ast.CompositeLit) {
	t := f.info.TypeOf(n)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok { // an item of a list of pointers
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			f.write(kv.Key, source{e: kv.Value})
		} else if i < s.NumFields() {
			v := s.Field(i).Origin()
			f.writes[v] = append(f.writes[v], source{e: e})
		}
	}
}

// followed reports whether all that is written to v is known.
func (f *flow) followed(v *types.Var) bool {
	if f.spoiled[v] || v.Pkg() != f.pkg {
		return false
	}
	_, ok := f.writes[v]
	switch {
	case v.IsField():
		return !f.public[v]
	case v.Parent() == f.pkg.Scope():
		return !v.Exported() || f.pkg.Name() == "main"
	}
	return ok
}

const (
	isReference = iota
	isPlain
	itemsPlain
	keysPlain
)

// every reports whether the answer is yes for all that is written to v.
func (f *flow) every(v *types.Var, what int, answer func(source) bool) bool {
	if v == nil || !f.followed(v) {
		return false
	}
	return f.answer(question{v, what}, func() bool {
		return !slices.ContainsFunc(f.writes[v], func(s source) bool { return !answer(s) })
	})
}

// answer answers a question, once. A question that comes up while it is being
// answered has no say in the answer.
func (f *flow) answer(q question, find func() bool) bool {
	if f.asking[q] {
		return true
	}
	if yes, ok := f.answered[q]; ok {
		return yes
	}
	f.asking[q] = true
	yes := find()
	delete(f.asking, q)
	if len(f.asking) == 0 {
		f.answered[q] = yes
	}
	return yes
}

func (f *flow) constant(e ast.Expr) bool { return f.info.Types[e].Value != nil }

// reference reports whether e is a text that may hold a variable: a
// handle, or a string that was made of one.
func (f *flow) reference(e ast.Expr) bool {
	e = ast.Unparen(e)
	t := f.info.TypeOf(e)
	if t == nil || f.constant(e) {
		return false
	}
	if isText(t) {
		return !f.plain(e)
	}
	if !textual(t) {
		return false
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		return x.Op == token.ADD && (f.reference(x.X) || f.reference(x.Y))
	case *ast.CallExpr:
		if f.info.Types[x.Fun].IsType() {
			return len(x.Args) == 1 && f.reference(x.Args[0])
		}
		if fn := calledFunction(f.info, x); fn != nil {
			switch fn.FullName() {
			case "fmt.Sprint", "fmt.Sprintf", "fmt.Sprintln":
				return slices.ContainsFunc(x.Args, f.reference)
			}
		}
	case *ast.Ident, *ast.SelectorExpr:
		v := f.variable(x)
		return v != nil && len(f.writes[v]) > 0 && f.every(v, isReference, func(s source) bool {
			return s.part == whole && f.reference(s.e)
		})
	}
	return false
}

// textual reports whether t is a string, or the bytes or the runes of one.
func textual(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Slice:
		b, ok := u.Elem().Underlying().(*types.Basic)
		return ok && (b.Kind() == types.Byte || b.Kind() == types.Rune)
	}
	return false
}

// plain reports whether the program itself sets the text e: to a constant, or to
// what it reads as a string.
func (f *flow) plain(e ast.Expr) bool {
	e = ast.Unparen(e)
	t := f.info.TypeOf(e)
	if f.constant(e) {
		return true
	}
	if t == nil || !isText(t) {
		return !f.reference(e)
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		return f.plain(x.X) && f.plain(x.Y)
	case *ast.CallExpr:
		if f.info.Types[x.Fun].IsType() {
			return len(x.Args) == 1 && f.plain(x.Args[0])
		}
		fn := calledFunction(f.info, x)
		if fn != nil && fn.FullName() == "cmp.Or" {
			return f.allPlain(x.Args)
		}
		return f.everyReturn(fn, isPlain, f.plain)
	case *ast.IndexExpr:
		return f.partsPlain(x.X, item)
	case *ast.Ident, *ast.SelectorExpr:
		return f.every(f.variable(x), isPlain, f.sourcePlain)
	}
	return false
}

func (f *flow) allPlain(list []ast.Expr) bool {
	for _, e := range list {
		if !f.plain(e) {
			return false
		}
	}
	return true
}

func (f *flow) sourcePlain(s source) bool {
	if s.part == whole {
		return f.plain(s.e)
	}
	return f.partsPlain(s.e, s.part)
}

// partsPlain reports whether the program itself sets all items, or all keys, of e.
func (f *flow) partsPlain(e ast.Expr, p part) bool {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.CompositeLit:
		for _, elt := range x.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				if elt = kv.Value; p == key {
					elt = kv.Key
				}
			}
			if !f.plain(elt) {
				return false
			}
		}
		return true
	case *ast.SliceExpr:
		return f.partsPlain(x.X, p)
	case *ast.CallExpr:
		return f.callPartsPlain(x, p)
	case *ast.Ident, *ast.SelectorExpr:
		if f.info.Types[x].IsNil() {
			return true
		}
		v := f.variable(x)
		what := itemsPlain
		if p == key {
			what = keysPlain
		}
		return f.every(v, what, func(s source) bool { return s.part == whole && f.partsPlain(s.e, p) }) &&
			f.storesPlain(v, p)
	}
	return false
}

func (f *flow) storesPlain(v *types.Var, p part) bool {
	for _, s := range f.stores[v] {
		if (s.part == key) == (p == key) && !f.plain(s.e) {
			return false
		}
	}
	return true
}

func (f *flow) callPartsPlain(x *ast.CallExpr, p part) bool {
	if f.info.Types[x.Fun].IsType() {
		return len(x.Args) == 1 && f.partsPlain(x.Args[0], p)
	}
	switch builtin(f.info, x) {
	case "make":
		return true
	case "append":
		if x.Ellipsis.IsValid() {
			return f.partsPlain(x.Args[0], p) && f.partsPlain(x.Args[1], p)
		}
		return f.partsPlain(x.Args[0], p) && f.allPlain(x.Args[1:])
	}
	fn := calledFunction(f.info, x)
	if fn == nil {
		return false
	}
	what := itemsPlain
	if p == key {
		what = keysPlain
	}
	if f.everyReturn(fn, what, func(e ast.Expr) bool { return f.partsPlain(e, p) }) {
		return true
	}
	if len(x.Args) != 1 {
		return false
	}
	switch fn.FullName() {
	case "maps.Keys":
		return f.partsPlain(x.Args[0], key)
	case "maps.Values", "slices.Values", "slices.Sorted", "slices.Collect", "slices.Clone":
		return f.partsPlain(x.Args[0], item)
	case "maps.Clone", "slices.All", "maps.All":
		return f.partsPlain(x.Args[0], p)
	}
	return false
}
