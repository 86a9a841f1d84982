package store

import "strings"

// The names of asynq's keys, as of v0.26.0 (internal/base/base.go), and the three of its
// scripts that QueueClient knows by the keys that they are called with. A test holds
// both against the asynq that is built in.

func asynqKey(queue, name string) string { return "asynq:{" + queue + "}:" + name }

// dequeueKeys are what asynq's dequeue script is called with.
func dequeueKeys(queue string) [4]string {
	return [4]string{asynqKey(queue, "pending"), asynqKey(queue, "paused"), asynqKey(queue, "active"), asynqKey(queue, "lease")}
}

// queueOfPending reads the queue out of the name of its pending list.
func queueOfPending(key string) (queue string, ok bool) {
	rest, found := strings.CutPrefix(key, "asynq:{")
	queue, ends := strings.CutSuffix(rest, "}:pending")
	return queue, found && ends
}

// asDequeue says of which queue these are the keys of a dequeue.
func asDequeue(keys []string) (queue string, ok bool) {
	if len(keys) != 4 {
		return "", false
	}
	queue, ok = queueOfPending(keys[0])
	return queue, ok && dequeueKeys(queue) == [4]string(keys)
}

// asEnqueue says of which task, on which queue, these are the keys of an enqueue.
func asEnqueue(keys []string) (queue, task string, ok bool) {
	if len(keys) != 2 {
		return "", "", false
	}
	queue, ok = queueOfPending(keys[1])
	task, found := strings.CutPrefix(keys[0], asynqKey(queue, "t:"))
	return queue, task, ok && found
}

// asDone says of which queue these are the keys of a task's end.
func asDone(keys []string) (queue string, ok bool) {
	if len(keys) != 5 {
		return "", false
	}
	rest, found := strings.CutPrefix(keys[0], "asynq:{")
	queue, ends := strings.CutSuffix(rest, "}:active")
	return queue, found && ends && keys[1] == asynqKey(queue, "lease") &&
		strings.HasPrefix(keys[2], asynqKey(queue, "t:")) && strings.HasPrefix(keys[3], asynqKey(queue, "processed:")) &&
		keys[4] == asynqKey(queue, "processed")
}
