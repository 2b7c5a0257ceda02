package facts

import "github.com/tekwright/tekwright/internal/tekref"

// written is what a result can be whose Task writes nothing but texts that stand
// in its scripts.
func (p *PipelineSpec) written(v tekref.Variable) WhenInput { return WhenInput{} }
