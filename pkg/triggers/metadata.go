package triggers

// Label sets a label of the EventListener.
func (l *Listener) Label(key, value string) *Listener {
	l = l.orNew()
	l.labels = with(l.labels, key, value)
	return l
}

// Annotate sets an annotation of the EventListener.
func (l *Listener) Annotate(key, value string) *Listener {
	l = l.orNew()
	l.annotations = with(l.annotations, key, value)
	return l
}

// with adds a pair to a map, which may be nil.
func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}
