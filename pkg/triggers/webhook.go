package triggers

// Webhook is any event: its fields are reached by Body, Header and CEL, its
// signature is checked by an interceptor of the trigger's own, or not at all
// (Unsigned).
type Webhook struct{ *event }

// AnyEvent is any request that reaches the listener and passes the filters of
// its trigger.
func AnyEvent() *Webhook { return &Webhook{newEvent("an event", anybody)} }
