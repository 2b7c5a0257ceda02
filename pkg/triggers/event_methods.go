package triggers

import "github.com/tekwright/tekwright/pkg/builder"

// The common methods of all events are declared for each type, so that they can be
// called on a nil event. Promoted through the embedded pointer, they would panic.

// Body implements [Event].
func (p *Push) Body(path string) builder.String { return p.describe().Body(path) }

// Header implements [Event].
func (p *Push) Header(name string) builder.String { return p.describe().Header(name) }

// CEL implements [Event].
func (p *Push) CEL(name, expr string) builder.String { return p.describe().CEL(name, expr) }

// Slug implements [Event].
func (p *Push) Slug(field builder.String) builder.String { return p.describe().Slug(field) }

// As implements [Event].
func (p *Push) As(name string, field builder.String) builder.String {
	return p.describe().As(name, field)
}

func (p *Push) describe() *event {
	if p == nil {
		return nil
	}
	return p.event
}

// Body implements [Event].
func (p *PullRequest) Body(path string) builder.String { return p.describe().Body(path) }

// Header implements [Event].
func (p *PullRequest) Header(name string) builder.String { return p.describe().Header(name) }

// CEL implements [Event].
func (p *PullRequest) CEL(name, expr string) builder.String { return p.describe().CEL(name, expr) }

// Slug implements [Event].
func (p *PullRequest) Slug(field builder.String) builder.String { return p.describe().Slug(field) }

// As implements [Event].
func (p *PullRequest) As(name string, field builder.String) builder.String {
	return p.describe().As(name, field)
}

func (p *PullRequest) describe() *event {
	if p == nil {
		return nil
	}
	return p.event
}

// Body implements [Event].
func (t *Tag) Body(path string) builder.String { return t.describe().Body(path) }

// Header implements [Event].
func (t *Tag) Header(name string) builder.String { return t.describe().Header(name) }

// CEL implements [Event].
func (t *Tag) CEL(name, expr string) builder.String { return t.describe().CEL(name, expr) }

// Slug implements [Event].
func (t *Tag) Slug(field builder.String) builder.String { return t.describe().Slug(field) }

// As implements [Event].
func (t *Tag) As(name string, field builder.String) builder.String {
	return t.describe().As(name, field)
}

func (t *Tag) describe() *event {
	if t == nil {
		return nil
	}
	return t.event
}

// Body implements [Event].
func (r *Release) Body(path string) builder.String { return r.describe().Body(path) }

// Header implements [Event].
func (r *Release) Header(name string) builder.String { return r.describe().Header(name) }

// CEL implements [Event].
func (r *Release) CEL(name, expr string) builder.String { return r.describe().CEL(name, expr) }

// Slug implements [Event].
func (r *Release) Slug(field builder.String) builder.String { return r.describe().Slug(field) }

// As implements [Event].
func (r *Release) As(name string, field builder.String) builder.String {
	return r.describe().As(name, field)
}

func (r *Release) describe() *event {
	if r == nil {
		return nil
	}
	return r.event
}

// Body implements [Event].
func (c *Comment) Body(path string) builder.String { return c.describe().Body(path) }

// Header implements [Event].
func (c *Comment) Header(name string) builder.String { return c.describe().Header(name) }

// CEL implements [Event].
func (c *Comment) CEL(name, expr string) builder.String { return c.describe().CEL(name, expr) }

// Slug implements [Event].
func (c *Comment) Slug(field builder.String) builder.String { return c.describe().Slug(field) }

// As implements [Event].
func (c *Comment) As(name string, field builder.String) builder.String {
	return c.describe().As(name, field)
}

func (c *Comment) describe() *event {
	if c == nil {
		return nil
	}
	return c.event
}

// Body implements [Event].
func (w *Webhook) Body(path string) builder.String { return w.describe().Body(path) }

// Header implements [Event].
func (w *Webhook) Header(name string) builder.String { return w.describe().Header(name) }

// CEL implements [Event].
func (w *Webhook) CEL(name, expr string) builder.String { return w.describe().CEL(name, expr) }

// Slug implements [Event].
func (w *Webhook) Slug(field builder.String) builder.String { return w.describe().Slug(field) }

// As implements [Event].
func (w *Webhook) As(name string, field builder.String) builder.String {
	return w.describe().As(name, field)
}

func (w *Webhook) describe() *event {
	if w == nil {
		return nil
	}
	return w.event
}
