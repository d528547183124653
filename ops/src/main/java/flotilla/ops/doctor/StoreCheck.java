package flotilla.ops.doctor;

import flotilla.node.tree.Mount;
import flotilla.node.tree.Stores;
import flotilla.ops.config.Configuration;
import flotilla.ops.doctor.StoreProbe.Step;
import flotilla.ops.report.Level;
import flotilla.ops.report.Report;
import flotilla.storage.ReservedNames;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes, reads, lists, resumes, appends to, renames and removes small files of its own in stores, as far as they can do
 * that.
 */
public final class StoreCheck implements Check {
    /** The name of the default store on the command line. */
    public static final String DEFAULT = "default";

    private static final long LITTLE = 1L << 30;
    /** Steps that look, and do nothing that a client asks for. */
    private static final Set<String> NO_WORK = Set.of("space", "clock", "conditions");

    private static final String READ_ONLY_KEY = "storage.read-only";

    @Override
    public List<Outcome> look(Patient patient) {
        List<Outcome> found = new ArrayList<>();
        for (StoreSettings store : patient.configuration().node().storage().stores()) {
            found.add(summary(who(patient.configuration(), store), steps(patient.configuration(), store)));
        }
        return found;
    }

    /** Reports each step in some stores of a configuration. Each store may take a minute. */
    public static void run(Configuration configuration, List<StoreSettings> stores, Report report) {
        for (StoreSettings store : stores) {
            report.section("Store " + (store.name().isEmpty() ? DEFAULT : store.name()) + ", " + store.type());
            Patience.of(() -> steps(configuration, store), outcome -> List.of(new Step("answer", outcome)))
                    .forEach(step -> report.add(
                            step.outcome().level(),
                            step.what(),
                            step.outcome().text(),
                            step.outcome().remedy()));
        }
    }

    private static String who(Configuration configuration, StoreSettings store) {
        return store.name().isEmpty()
                ? "The default store, " + configuration.node().storage().root()
                : "The store " + store.name();
    }

    private static Outcome summary(String who, List<Step> steps) {
        for (Step step : steps) {
            if (step.outcome().level() == Level.FAIL) {
                return Outcome.fail(
                        who + ", does not work: " + step.what() + ". "
                                + step.outcome().text(),
                        step.outcome().remedy());
            }
        }
        if (steps.size() == 1) {
            return Outcome.ok(who + ", " + steps.get(0).outcome().text().replaceFirst("^It ", ""));
        }
        String done = steps.stream()
                .map(Step::what)
                .filter(what -> !NO_WORK.contains(what))
                .collect(Collectors.joining(", "));
        StringBuilder text =
                new StringBuilder(who).append(", works: ").append(done).append('.');
        StringBuilder remedy = new StringBuilder();
        for (Step step : steps) {
            if (step.what().equals("space") || step.outcome().level() == Level.WARN) {
                text.append(' ').append(step.outcome().text());
                remedy.append(remedy.isEmpty() ? "" : " ").append(step.outcome().remedy());
            }
        }
        return steps.stream().anyMatch(step -> step.outcome().level() == Level.WARN)
                ? Outcome.warn(text.toString(), remedy.toString())
                : Outcome.ok(text.toString());
    }

    private static List<Step> steps(Configuration configuration, StoreSettings settings) {
        Path root = configuration.node().storage().root();
        boolean isDefault = settings.name().isEmpty();
        if (isDefault && settings.type().equals("local") && !Files.isDirectory(root)) {
            return List.of(new Step("directory", Outcome.ok("It is not there yet: the first start makes it.")));
        }
        Optional<Path> local =
                isDefault ? Optional.of(root) : settings.find("root").map(Path::of);
        boolean hadParts = local.isEmpty() || Files.exists(local.get().resolve(ReservedNames.PARTS));
        String remedy = settings.type().equals("local")
                ? "Look at the mount, and at the rights of " + System.getProperty("user.name") + " there."
                : "Look at its keys in the configuration, its credentials and their rights, the clock of this machine,"
                        + " and the way to its service.";
        try (Stores stores =
                Stores.open(List.of(settings), settings.name(), StoreResources.of(1 << 20, 32 << 20), Runnable::run)) {
            StorageBackend backend =
                    stores.open(new Mount(isDefault ? root.toString() : settings.name() + ":/", List.of(), false));
            return tried(backend, remedy, configuration.node().session().readOnly());
        } catch (StorageException e) {
            return failed(e.getMessage() + ".", StoreProbe.remedy(e.reason(), remedy));
        } catch (IllegalStateException e) {
            return failed(e.getMessage() + ".", remedy);
        } finally {
            if (!hadParts) {
                local.ifPresent(StoreCheck::tidy);
            }
        }
    }

    private static List<Step> failed(String text, String remedy) {
        return List.of(new Step("open", Outcome.fail(text, remedy)));
    }

    /** Removes the directory of parts that the upload has made, if nothing else is in it. */
    private static void tidy(Path root) {
        try {
            Files.deleteIfExists(root.resolve(ReservedNames.PARTS));
        } catch (IOException inUse) {
            // an upload of the server is there by now
        }
    }

    private static List<Step> tried(StorageBackend backend, String remedy, boolean isReadOnly) throws StorageException {
        if (isReadOnly) {
            backend.stat(VirtualPath.ROOT);
            String text = "It can be read. Nothing was written: " + READ_ONLY_KEY + ".";
            return List.of(new Step("read", Outcome.ok(text)));
        }
        List<Step> steps = new ArrayList<>(new StoreProbe(backend, remedy).run());
        steps.add(new Step("space", space(backend)));
        return steps;
    }

    private static Outcome space(StorageBackend backend) {
        try {
            long free = backend.freeBytes(VirtualPath.ROOT);
            String text = (free >> 20) + " MiB are free.";
            return free < LITTLE
                    ? Outcome.warn(text, "Make room: uploads are refused with 452 when it is full.")
                    : Outcome.ok(text);
        } catch (StorageException unknown) {
            return Outcome.ok("Its free space is not known.");
        }
    }
}
