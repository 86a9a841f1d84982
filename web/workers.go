package web

import (
	"context"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// workersPlace is who works: the processes with their roles.
var workersPlace = page{path: "/workers", template: "workers", title: "Workers", role: api.Viewer, live: true, read: readWorkers}

type workersPage struct {
	Workers []workerView
	Roles   []roleView
}

// roleView is how many live of those with a role.
type roleView struct {
	Name  string
	Alive int
}

// workerView is a process as it is at a time.
type workerView struct {
	client.Worker
	now time.Time
}

// Runs is for how long it does.
func (w workerView) Runs() string { return duration(w.now.Sub(w.Since)) }

// Ago is how long ago it was seen.
func (w workerView) Ago() string { return waited(w.now.Sub(w.Seen)) }

func readWorkers(ctx context.Context, v *visit) (any, error) {
	found, err := v.Workers(ctx)
	if err != nil {
		return nil, err
	}
	p := workersPage{}
	p.Roles, _ = rolesOf(found)
	for _, w := range found {
		p.Workers = append(p.Workers, workerView{w, v.now})
	}
	return p, nil
}

// rolesOf counts who lives by role, and who is lost.
func rolesOf(found []client.Worker) (roles []roleView, lost int) {
	roles = []roleView{{Name: "api"}, {Name: "scheduler"}, {Name: "worker"}}
	for _, w := range found {
		for i := range roles {
			if w.State == string(api.WorkerAlive) && slices.Contains(w.Roles, roles[i].Name) {
				roles[i].Alive++
			}
		}
		if w.State == string(api.WorkerLost) {
			lost++
		}
	}
	return roles, lost
}
