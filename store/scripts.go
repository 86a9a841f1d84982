package store

import (
	"embed"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/*.lua
var lua embed.FS

// scripts are all scripts of the ledger. Each checks everything first and writes
// last, takes times from Redis or from its caller, and is safe to run twice.
type scripts struct {
	save, heads, due, settle, control, state, lease, resign *redis.Script
	importRows, importing, names, forget, repeat, repeated  *redis.Script
	expire, frequency, books, beat                          *redis.Script
	park, enter, hear, window, putBack, dequeue, done       *redis.Script
	take, told, anew, inbound, session, draft               *redis.Script
}

func newScripts() scripts {
	load := func(name string) *redis.Script {
		text, err := lua.ReadFile("lua/" + name + ".lua")
		if err != nil {
			panic(err) // it is part of this binary
		}
		return redis.NewScript(string(text))
	}
	return scripts{
		save: load("save"), heads: load("heads"), due: load("due"), settle: load("settle"),
		control: load("control"), state: load("state"), lease: load("lease"), resign: load("resign"),
		importRows: load("import"), importing: load("importing"), names: load("names"),
		forget: load("forget"), expire: load("expire"), frequency: load("frequency"), books: load("books"), beat: load("beat"), repeat: load("repeat"), repeated: load("repeated"),
		park: load("park"), enter: load("enter"), hear: load("hear"), window: load("window"),
		putBack: load("putback"), dequeue: load("dequeue"), done: load("done"),
		take: load("take"), told: load("told"), anew: load("anew"), inbound: load("inbound"), session: load("session"),
		draft: load("draft"),
	}
}
