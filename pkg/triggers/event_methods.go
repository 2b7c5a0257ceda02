package triggers

import "github.com/tekwright/tekwright/pkg/builder"

// The methods that all events share, once for each type: through an embedded
// pointer they could not be called on a nil event.

// Body is as in Event.
func (p *Push) Body(path string) builder.String { return p.describe().Body(path) }

// Header is as in Event.
func (p *Push) Header(name string) builder.String { return p.describe().Header(name) }

// CEL is as in Event.
func (p *Push) CEL(name, expr string) builder.String { return p.describe().CEL(name, expr) }

// Slug is as in Event.
func (p *Push) Slug(field builder.String) builder.String { return p.describe().Slug(field) }

func (p *Push) describe() *event {
	if p == nil {
		return nil
	}
	return p.event
}

// Body is as in Event.
func (p *PullRequest) Body(path string) builder.String { return p.describe().Body(path) }

// Header is as in Event.
func (p *PullRequest) Header(name string) builder.String { return p.describe().Header(name) }

// CEL is as in Event.
func (p *PullRequest) CEL(name, expr string) builder.String { return p.describe().CEL(name, expr) }

// Slug is as in Event.
func (p *PullRequest) Slug(field builder.String) builder.String { return p.describe().Slug(field) }

func (p *PullRequest) describe() *event {
	if p == nil {
		return nil
	}
	return p.event
}

// Body is as in Event.
func (t *Tag) Body(path string) builder.String { return t.describe().Body(path) }

// Header is as in Event.
func (t *Tag) Header(name string) builder.String { return t.describe().Header(name) }

// CEL is as in Event.
func (t *Tag) CEL(name, expr string) builder.String { return t.describe().CEL(name, expr) }

// Slug is as in Event.
func (t *Tag) Slug(field builder.String) builder.String { return t.describe().Slug(field) }

func (t *Tag) describe() *event {
	if t == nil {
		return nil
	}
	return t.event
}

// Body is as in Event.
func (r *Release) Body(path string) builder.String { return r.describe().Body(path) }

// Header is as in Event.
func (r *Release) Header(name string) builder.String { return r.describe().Header(name) }

// CEL is as in Event.
func (r *Release) CEL(name, expr string) builder.String { return r.describe().CEL(name, expr) }

// Slug is as in Event.
func (r *Release) Slug(field builder.String) builder.String { return r.describe().Slug(field) }

func (r *Release) describe() *event {
	if r == nil {
		return nil
	}
	return r.event
}

// Body is as in Event.
func (c *Comment) Body(path string) builder.String { return c.describe().Body(path) }

// Header is as in Event.
func (c *Comment) Header(name string) builder.String { return c.describe().Header(name) }

// CEL is as in Event.
func (c *Comment) CEL(name, expr string) builder.String { return c.describe().CEL(name, expr) }

// Slug is as in Event.
func (c *Comment) Slug(field builder.String) builder.String { return c.describe().Slug(field) }

func (c *Comment) describe() *event {
	if c == nil {
		return nil
	}
	return c.event
}

// Body is as in Event.
func (w *Webhook) Body(path string) builder.String { return w.describe().Body(path) }

// Header is as in Event.
func (w *Webhook) Header(name string) builder.String { return w.describe().Header(name) }

// CEL is as in Event.
func (w *Webhook) CEL(name, expr string) builder.String { return w.describe().CEL(name, expr) }

// Slug is as in Event.
func (w *Webhook) Slug(field builder.String) builder.String { return w.describe().Slug(field) }

func (w *Webhook) describe() *event {
	if w == nil {
		return nil
	}
	return w.event
}
