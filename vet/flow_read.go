package vet

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
)

// This file reads what a package writes to its variables.

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
