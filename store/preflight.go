package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Facts is what a Redis server tells of itself, as far as it bears on keeping
// messages. A field is empty where the server hides it, as managed ones do.
type Facts struct {
	Version  string // "7.0.15"
	Mode     string // standalone, sentinel or cluster
	Memory   Memory
	Eviction string // maxmemory-policy
	AOF      string // yes or no: every change goes to a file
	Fsync    string // always, everysec or no: when that file is forced to the disk
	Save     string // when snapshots are made, "never" for never

	Replicas int // that follow it now

	// LazyExpire is yes where a large key that expires is freed beside the server's
	// other work, and no where everybody waits for it.
	LazyExpire string
}

// Memory is how much memory the server's data take, in bytes.
type Memory struct {
	Used int64
	Max  int64 // 0: no limit, or the server does not say
}

// Share is the part of the limit that is used, 0 where there is none.
func (m Memory) Share() float64 {
	if m.Max == 0 {
		return 0
	}
	return float64(m.Used) / float64(m.Max)
}

// Preflight asks the server, or every primary of a cluster, what it is, and judges
// whether it keeps what it is told. The facts of a cluster are those of the primary
// whose memory is fullest. The client is the plain one. An error means that no answer
// came; hidden settings are none.
func Preflight(ctx context.Context, client redis.UniversalClient) (Facts, []Finding, error) {
	servers, err := primaries(ctx, client)
	if err != nil {
		return Facts{}, nil, fmt.Errorf("check Redis: %w", err)
	}
	var fullest Facts
	var findings []Finding
	for i, server := range servers {
		facts, err := examine(ctx, server)
		if err != nil {
			return Facts{}, nil, fmt.Errorf("check Redis: %w", err)
		}
		if i == 0 || facts.Memory.Share() > fullest.Memory.Share() {
			fullest = facts
		}
		for _, f := range judge(facts, isCluster(client)) {
			if !slices.Contains(findings, f) {
				findings = append(findings, f)
			}
		}
	}
	return fullest, findings, nil
}

// Preflight judges the server, and how it is spoken to.
func (r *Redis) Preflight(ctx context.Context) (Facts, []Finding, error) {
	facts, findings, err := Preflight(ctx, r.Client)
	if finding, found := judgeReplicas(facts, r.replicas); err == nil && found {
		findings = append(findings, finding)
	}
	return facts, findings, err
}

// MemoryUse asks how full the server is, or the fullest primary of a cluster. The
// client is the plain one.
func MemoryUse(ctx context.Context, client redis.UniversalClient) (Memory, error) {
	servers, err := primaries(ctx, client)
	if err != nil {
		return Memory{}, fmt.Errorf("ask Redis for its memory: %w", err)
	}
	var fullest Memory
	for i, server := range servers {
		said, err := serverInfo(ctx, server)
		if err != nil {
			return Memory{}, fmt.Errorf("ask Redis for its memory: %w", err)
		}
		if m := memoryIn(said); i == 0 || m.Share() > fullest.Share() {
			fullest = m
		}
	}
	return fullest, nil
}

func isCluster(client redis.UniversalClient) bool {
	_, yes := client.(*redis.ClusterClient)
	return yes
}

// primaries are the servers behind the client that hold keys: one, but in a cluster.
func primaries(ctx context.Context, client redis.UniversalClient) ([]redis.Cmdable, error) {
	cluster, ok := client.(*redis.ClusterClient)
	if !ok {
		return []redis.Cmdable{client}, nil
	}
	var mu sync.Mutex
	var servers []redis.Cmdable
	err := cluster.ForEachMaster(ctx, func(_ context.Context, server *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		servers = append(servers, server)
		return nil
	})
	return servers, err
}

func examine(ctx context.Context, server redis.Cmdable) (Facts, error) {
	said, err := serverInfo(ctx, server)
	if err != nil {
		return Facts{}, err
	}
	set, err := serverSettings(ctx, server, "maxmemory-policy", "appendonly", "appendfsync", "save", "lazyfree-lazy-expire")
	if err != nil {
		return Facts{}, err
	}
	f := Facts{
		Version:    said["redis_version"],
		Mode:       said["redis_mode"],
		Memory:     memoryIn(said),
		Eviction:   said["maxmemory_policy"],
		AOF:        map[string]string{"0": "no", "1": "yes"}[said["aof_enabled"]],
		Fsync:      set["appendfsync"],
		Save:       set["save"],
		LazyExpire: set["lazyfree-lazy-expire"],
	}
	f.Replicas, _ = strconv.Atoi(said["connected_slaves"]) // hidden: 0, which is not judged
	if save, told := set["save"]; told && save == "" {
		f.Save = "never"
	}
	return f, nil
}

func memoryIn(said map[string]string) (m Memory) {
	// A server that hides one of them leaves it at 0, which means the same here.
	m.Used, _ = strconv.ParseInt(said["used_memory"], 10, 64)
	m.Max, _ = strconv.ParseInt(said["maxmemory"], 10, 64)
	return m
}

// serverInfo asks for all sections, for not every server knows them by name.
func serverInfo(ctx context.Context, server redis.Cmdable) (map[string]string, error) {
	text, err := server.Info(ctx).Result()
	if err != nil && !refused(err) {
		return nil, err
	}
	said := make(map[string]string)
	for line := range strings.Lines(text) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
			said[name] = value
		}
	}
	return said, nil
}

// serverSettings asks for each name by itself: Redis 6.2 takes no list, and a server may
// hide one and tell another.
func serverSettings(ctx context.Context, server redis.Cmdable, names ...string) (map[string]string, error) {
	set := make(map[string]string)
	for _, name := range names {
		answer, err := server.ConfigGet(ctx, name).Result()
		if refused(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for name, value := range answer {
			set[name] = value
		}
	}
	return set, nil
}

// refused says whether a command is barred or unknown, as on managed servers. A server
// that asks for a password or still loads its data has answered something else.
func refused(err error) bool {
	var answer redis.Error
	if !errors.As(err, &answer) {
		return false
	}
	code, _, _ := strings.Cut(answer.Error(), " ")
	return code == "ERR" || code == "NOPERM"
}
