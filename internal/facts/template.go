package facts

// Body is an object that a TriggerTemplate, or a trigger of an EventListener,
// creates.
type Body struct {
	Spot  Spot   // of the object, in the template
	Entry *Entry // the object, as far as it can be read; nil where it cannot
}

// Bodies returns the objects that the templates in the object create.
func (e *Entry) Bodies() []*Body {
	if !e.bodyDone {
		e.bodyDone = true
	}
	return e.bodies
}
