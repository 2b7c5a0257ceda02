// Package plan represents Go code that uses package builder as a tree that can be
// executed and printed.
//
// The importer translates an object to a tree once. [Run] executes it with the real
// builder, in microseconds and without a compiler, so that the importer can compare the
// object that the code describes with the original. [File.Print] prints the same tree as
// Go. What is printed is therefore known to describe the original.
//
// The tree is a small subset of Go: statements that declare a variable or call a method,
// and expressions without conditions and loops.
package plan

import (
	"reflect"
	"time"
)

// Expr is an expression.
type Expr interface{ expr() }

type (
	// Text is a string constant.
	Text string
	// Int is an integer constant.
	Int int64
	// Octal is an integer constant that is written with the base 8.
	Octal int64
	// Span is a constant of type time.Duration.
	Span time.Duration
	// Const is a constant of package builder, RunName, or of another one: pac.Revision.
	Const string
	// Join joins texts with +.
	Join []Expr
	// Literal is a value of a type of Kubernetes or Tekton.
	Literal struct{ Value any }
	// Call is a method call or, if On is nil, the call of a function of package builder.
	Call struct {
		On   Expr
		Func string
		Args []Expr
		Origin
	}
	// Select is a field of the value of a variable: of the inputs, the output of a task, or
	// a pipeline.
	Select struct {
		On    *Var
		Field string
	}
	// Make is a value of a type that the importer declares, with some of its inputs set.
	Make struct {
		Type   *Type
		Fields []Set
	}
	// Map is a map of strings of a kind, or of Go's strings if it has none, with sorted keys.
	Map struct {
		Kind    Kind
		Entries []Entry
	}
	// Change is the function that a Mutate method expects.
	Change struct {
		Of   reflect.Type // the struct that is changed
		Sets []Assignment
	}
	// Inline is the function that AddInline expects.
	Inline struct {
		Param *Var
		Body  []Stmt
	}
	// Pick is a function that returns a field of the output of a task.
	Pick struct {
		Type  *Type
		Field string
	}
	// New calls a function that the importer declares.
	New struct{ Func *Func }
	// Embedded is a text in a file of its own, which the Go embeds.
	Embedded struct {
		Name  string // of the variable
		Path  string // of the file, relative to the package
		Text  string
		Bytes bool // the variable is a []byte
	}
	// Convert converts a constant to a type of package builder.
	Convert struct {
		Kind Kind
		Text string
	}
)

// Set sets a field of a struct.
type Set struct {
	Field string
	Value Expr
	Origin
}

// Entry is an entry of a map.
type Entry struct {
	Key   string
	Value Expr
}

// Assignment is the assignment of a value to a part of a struct.
type Assignment struct {
	Path  []Step
	Value reflect.Value
	Why   string // a comment: the reason for the assignment
}

// Step is one step from a value to a part of it: a field, an index or a key.
type Step struct {
	Field string
	Index int    // if Field and Key are ""
	Key   string // of a map, if IsKey
	IsKey bool
}

// Var is a variable. It is compared by identity; names need not be unique.
type Var struct{ Name string }

// Of returns a field of the variable.
func (v *Var) Of(field string) Select { return Select{v, field} }

func (Text) expr()     {}
func (Int) expr()      {}
func (Octal) expr()    {}
func (Span) expr()     {}
func (Const) expr()    {}
func (Join) expr()     {}
func (Literal) expr()  {}
func (*Call) expr()    {}
func (Select) expr()   {}
func (Make) expr()     {}
func (Map) expr()      {}
func (Change) expr()   {}
func (Inline) expr()   {}
func (Pick) expr()     {}
func (New) expr()      {}
func (Embedded) expr() {}
func (Convert) expr()  {}
func (*Var) expr()     {}

// Stmt is a statement: an expression whose value is assigned to a new variable, unless
// Var is nil or unused.
type Stmt struct {
	Var  *Var
	Expr Expr
	Origin
}

// Origin says which part of the original a part of the Go describes.
type Origin struct {
	// At is the path of that part, "" if it is not known.
	At string
	Notes
}

// Notes are comments of the original, without the characters that begin a comment.
type Notes struct {
	Above []string // lines
	End   string   // at the end of the line
	Below []string // lines, only of statements
}

// Fn returns the call of a function of package builder.
func Fn(name string, args ...Expr) *Call { return &Call{Func: name, Args: args} }

// Method returns the call of a method.
func Method(on Expr, name string, args ...Expr) *Call {
	return &Call{On: on, Func: name, Args: args}
}

// Kind is the type of an input or an output.
type Kind string

// The kinds: types of package builder.
const (
	String     Kind = "String"
	Array      Kind = "Array"
	Object     Kind = "Object"
	Workspace  Kind = "Workspace"
	TaskString Kind = "TaskString"
	TaskArray  Kind = "TaskArray"
	TaskObject Kind = "TaskObject"
	AnyTask    Kind = "AnyTask"
)

// Field is a field of a struct that the importer declares.
type Field struct {
	Name string
	Kind Kind
	Doc  string
	Note string // at the end of the line, for a field without a Doc
}

// Type is a type that the importer declares: the type of a Task or a StepAction.
type Type struct {
	Name    string // GitClone
	Doc     string
	Notes   []string // comments of the original
	Licence []string // of the original
	Object  string   // what TaskName returns
	Action  bool     // it is a StepAction

	Fields []Field // the inputs
	In     *Var    // the receiver of Define, which has the inputs
	Param  *Var    // the parameter of Define
	Body   []Stmt

	Out     []Field // handles that Define returns besides the task or the step
	Returns []Set   // their values

	Constants []Constant // the values that its inputs may have
}

// Constant is a constant of a kind that is a string.
type Constant struct {
	Name  string
	Kind  Kind
	Value string
}

// OutName returns the name of the output type.
func (t *Type) OutName() string { return t.Name + "Out" }

// output returns what Define returns.
func (t *Type) output() string {
	switch {
	case len(t.Out) > 0:
		return t.OutName()
	case t.Action:
		return "*builder.Step"
	}
	return "*builder.PipelineTask"
}

// Func is a function that the importer declares. It returns a pipeline, a run or a
// definition, and the handles in Out.
type Func struct {
	Name string
	Says string // what it does, for its comment: describes the Pipeline release
	Doc  string
	Body []Stmt

	Notes   []string // comments of the original
	Licence []string // of the original

	Returns Expr   // what it returns
	Result  string // the type of that: *builder.Pipeline

	// A function with handles returns a struct with this name, which embeds the result.
	Struct string
	Out    []Field
	Values []Set
}
