package celenv

import "github.com/google/cel-go/cel"

// Short names for the tables of functions.
var (
	boolean  = cel.BoolType
	integer  = cel.IntType
	unsigned = cel.UintType
	double   = cel.DoubleType
	text     = cel.StringType
	data     = cel.BytesType
	anything = cel.DynType
	object   = cel.MapType(text, anything)
	item     = cel.TypeParamType("T")
	items    = cel.ListType(item)
	texts    = cel.ListType(text)
	anyList  = cel.ListType(anything)
	integers = cel.ListType(integer)

	// sortable are the types of values that can be sorted.
	sortable = []*cel.Type{
		integer, unsigned, double, boolean, cel.DurationType, cel.TimestampType, text, data,
	}
)

// method declares one overload of a function called as receiver.name(args).
func method(receiver *cel.Type, name, id string, result *cel.Type, args ...*cel.Type) cel.EnvOption {
	return cel.Function(name, cel.MemberOverload(id, append([]*cel.Type{receiver}, args...), result))
}

// function declares one overload of a function called as name(args).
func function(name, id string, result *cel.Type, args ...*cel.Type) cel.EnvOption {
	return cel.Function(name, cel.Overload(id, args, result))
}
