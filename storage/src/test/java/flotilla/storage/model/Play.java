package flotilla.storage.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.storage.ByteSink;
import flotilla.storage.Entry;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opentest4j.AssertionFailedError;

/** Runs one sequence of steps on real backends and on the model side by side. */
final class Play implements AutoCloseable {
    /** Opens the backend of a node, again after each death of the node. */
    @FunctionalInterface
    interface Nodes {
        StorageBackend open(int node) throws StorageException;
    }

    /** An operation on a backend. */
    @FunctionalInterface
    private interface Deed {
        void run() throws StorageException;
    }

    private final Nodes nodes;
    private final Model model = new Model();
    private final List<StorageActions> backends = new ArrayList<>();
    private final Map<Integer, ByteSink> sinks = new HashMap<>();
    private final Map<Integer, Integer> nodeOf = new HashMap<>();
    private int sent;

    Play(Nodes nodes) throws StorageException {
        this.nodes = nodes;
        for (int node = 0; node < Steps.NODES; node++) {
            backends.add(new StorageActions(nodes.open(node)));
        }
    }

    /**
     * Runs all steps and compares.
     *
     * @throws AssertionFailedError at the first difference
     */
    void all(List<Step> steps) throws StorageException {
        for (int i = 0; i < steps.size(); i++) {
            try {
                step(steps.get(i));
            } catch (AssertionFailedError difference) {
                throw new AssertionFailedError("step " + i + ", " + steps.get(i) + ": " + difference.getMessage());
            }
        }
        look(0);
    }

    private void step(Step step) throws StorageException {
        if (step instanceof Step.Begin begin) {
            begin(begin);
        } else if (step instanceof Step.Send send) {
            send(send);
        } else if (step instanceof Step.Commit commit) {
            commit(commit.session());
        } else if (step instanceof Step.Abort abort) {
            if (model.isUploading(abort.session())) {
                sinks.remove(abort.session()).abort(abort.remains());
                model.abort(abort.session(), abort.remains());
            }
        } else if (step instanceof Step.Crash crash) {
            crash(crash.node());
        } else if (step instanceof Step.Delete delete) {
            if (!model.isLocked(delete.path())) {
                same(model.delete(delete.path()), () -> on(delete.node()).delete(delete.path()));
            }
        } else if (step instanceof Step.Rename rename) {
            rename(rename);
        } else if (step instanceof Step.MakeDirectory make) {
            same(model.makeDirectory(make.path()), () -> on(make.node()).mkdir(make.path()));
        } else if (step instanceof Step.RemoveDirectory remove) {
            if (!model.isLocked(remove.path())) {
                same(model.removeDirectory(remove.path()), () -> on(remove.node())
                        .rmdir(remove.path()));
            }
        } else if (step instanceof Step.Look look) {
            look(look.node());
        }
    }

    private StorageActions on(int node) {
        return backends.get(node);
    }

    private static void same(boolean expected, Deed deed) {
        try {
            deed.run();
        } catch (StorageException refusal) {
            if (expected || refusal.reason() == Reason.IO) {
                throw new AssertionFailedError("refused: " + refusal.getMessage(), refusal);
            }
            return;
        }
        assertEquals(expected, true, "granted");
    }

    private void begin(Step.Begin begin) {
        if (model.isUploading(begin.session()) || model.isLocked(begin.path())) {
            return;
        }
        WriteMode mode =
                switch (begin.kind()) {
                    case REPLACE -> WriteMode.REPLACE;
                    case CREATE_NEW -> WriteMode.CREATE_NEW;
                    case APPEND -> WriteMode.APPEND;
                    case RESUME -> WriteMode.resumeAt(begin.offset());
                };
        boolean granted = model.begin(begin.session(), begin.node(), begin.path(), begin.kind(), begin.offset());
        same(granted, () -> {
            sinks.put(begin.session(), on(begin.node()).open(begin.path(), mode));
            nodeOf.put(begin.session(), begin.node());
        });
    }

    private void send(Step.Send send) throws StorageException {
        if (model.isUploading(send.session())) {
            StringBuilder bytes = new StringBuilder();
            for (int i = 0; i < send.count(); i++) {
                bytes.append((char) ('A' + sent++ % 58));
            }
            StorageActions.put(sinks.get(send.session()), bytes.toString());
            model.send(send.session(), bytes.toString());
        }
    }

    private void commit(int session) {
        if (model.isUploading(session)) {
            ByteSink sink = sinks.remove(session);
            same(model.commit(session), sink::commit);
        }
    }

    private void rename(Step.Rename rename) {
        if (model.isLocked(rename.from()) || model.isLocked(rename.to())) {
            return;
        }
        boolean granted = model.rename(rename.from(), rename.to(), rename.replace());
        same(granted, () -> on(rename.node()).rename(rename.from(), rename.to(), rename.replace()));
    }

    /** Uploads of the dead node stay open: others take a hung process for dead, too. */
    private void crash(int node) throws StorageException {
        sinks.keySet().removeIf(session -> nodeOf.get(session) == node);
        model.crash(node);
        backends.set(node, new StorageActions(nodes.open(node)));
    }

    private void look(int node) throws StorageException {
        for (String path : Steps.FILES) {
            assertEquals(model.file(path).map(String::length), size(node, path), () -> "SIZE " + path);
            assertEquals(model.file(path), bytes(node, path), () -> "RETR " + path);
            assertEquals(model.part(path).map(String::length), part(node, path), () -> "SIZE of the part of " + path);
        }
        assertEquals(List.copyOf(model.tree().keySet()), names(node));
    }

    private Optional<Integer> size(int node, String path) {
        try {
            Entry entry = on(node).stat(path);
            return entry.isFile() ? Optional.of((int) entry.size()) : Optional.empty();
        } catch (StorageException missing) {
            return Optional.empty();
        }
    }

    private Optional<String> bytes(int node, String path) {
        try {
            return Optional.of(on(node).load(path));
        } catch (StorageException missing) {
            return Optional.empty();
        }
    }

    private Optional<Integer> part(int node, String path) {
        try {
            long size = on(node).partSize(path);
            return size < 0 ? Optional.empty() : Optional.of((int) size);
        } catch (StorageException missing) {
            return Optional.empty();
        }
    }

    private List<String> names(int node) throws StorageException {
        List<String> names = new ArrayList<>(List.of("/"));
        List<String> open = new ArrayList<>(List.of("/"));
        while (!open.isEmpty()) {
            String directory = open.remove(0);
            for (Entry entry : on(node).list(directory, 10)) {
                String path = (directory.equals("/") ? "" : directory) + "/" + entry.name();
                names.add(path);
                if (entry.isDirectory()) {
                    open.add(path);
                } else {
                    assertEquals(model.file(path).map(String::length), Optional.of((int) entry.size()), "MLSD " + path);
                }
            }
        }
        names.sort(null);
        return names;
    }

    @Override
    public void close() {
        sinks.values().forEach(ByteSink::close);
        backends.forEach(backend -> backend.storage().close());
    }
}
