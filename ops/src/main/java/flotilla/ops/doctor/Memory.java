package flotilla.ops.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Heap and direct buffers of the server against what the machine, or its container, has. */
final class Memory implements Check {
    private static final long MIB = 1L << 20;
    private static final long USUAL = 512 * MIB;
    /** Code, classes and threads of the JVM. */
    private static final long JVM = 300 * MIB;
    /** Buffers of a transfer. */
    private static final long TRANSFER = MIB;
    /** A session at rest, as docs/explanation/benchmark.md has measured it. */
    private static final long SESSION = 14 << 10;

    private static final int DEEPEST = 32;

    @Override
    public List<Outcome> look(Patient patient) {
        List<Outcome> found = new ArrayList<>();
        String options = options(patient);
        long heap = size(options, "-Xmx", USUAL);
        long direct = size(options, "-XX:MaxDirectMemorySize=", heap);
        long need = heap + direct + JVM;
        OptionalLong has = has(patient);
        if (has.isEmpty()) {
            found.add(Outcome.unknown());
        } else {
            String text = "Heap " + mib(heap) + ", direct buffers " + mib(direct) + " and the JVM " + mib(JVM) + " are "
                    + mib(need) + " of " + mib(has.getAsLong()) + ".";
            found.add(
                    need <= has.getAsLong()
                            ? Outcome.ok(text)
                            : Outcome.fail(
                                    text,
                                    "Linux kills a process that takes more. Give it more memory, or lower -Xmx and"
                                            + " -XX:MaxDirectMemorySize (FLOTILLA_JVM_OPTIONS)."));
        }
        if (patient.server().isEmpty()) {
            available(patient, need, found);
        }
        limits(patient, heap, direct, found);
        return found;
    }

    /** Other programs may have what a server that does not run yet will need. */
    private static void available(Patient patient, long need, List<Outcome> found) {
        Matcher free = Pattern.compile("MemAvailable:\\s+([0-9]{1,15}) kB")
                .matcher(patient.kernel().text("proc/meminfo").orElse(""));
        if (free.find() && Long.parseLong(free.group(1)) << 10 < need) {
            found.add(Outcome.warn(
                    mib(Long.parseLong(free.group(1)) << 10) + " are free now, and the server may need " + mib(need)
                            + ".",
                    "See what else runs here, before the server starts."));
        }
    }

    private static void limits(Patient patient, long heap, long direct, List<Outcome> found) {
        int transfers = patient.configuration().node().data().maxTransfers();
        int sessions = patient.configuration().node().control().admission().mostHere();
        if (transfers * TRANSFER > direct) {
            found.add(Outcome.warn(
                    "limits.max-transfers " + transfers + " needs about " + mib(transfers * TRANSFER)
                            + " of direct buffers, and there are " + mib(direct) + ".",
                    "Raise -XX:MaxDirectMemorySize, or lower limits.max-transfers."));
        }
        if (sessions * SESSION > heap) {
            found.add(Outcome.warn(
                    "limits.max-sessions " + sessions + " may need " + mib(sessions * SESSION) + " of the heap of "
                            + mib(heap) + " if all are on this node.",
                    "Raise -Xmx (FLOTILLA_JVM_EXTRA), or lower limits.max-sessions."));
        }
    }

    /** The options of the running server, else those that the next start gets from this environment. */
    private static String options(Patient patient) {
        return patient.server()
                .flatMap(pid -> patient.kernel().text("proc/" + pid + "/cmdline"))
                .map(line -> line.replace('\0', ' '))
                .orElseGet(() -> System.getenv().getOrDefault("FLOTILLA_JVM_OPTIONS", "") + " "
                        + System.getenv().getOrDefault("FLOTILLA_JVM_EXTRA", ""));
    }

    /** Returns the size of the last such option, which the JVM takes. */
    private static long size(String options, String option, long otherwise) {
        Matcher sizes = Pattern.compile("(?:^|\\s)" + Pattern.quote(option) + "([0-9]{1,12})([kKmMgGtT]?)(?=\\s|$)")
                .matcher(options);
        long found = otherwise;
        while (sizes.find()) {
            int unit = " kmgt"
                    .indexOf(sizes.group(2).isEmpty() ? " " : sizes.group(2).toLowerCase(Locale.ROOT));
            found = Long.parseLong(sizes.group(1)) << 10 * unit;
        }
        return found;
    }

    /** Returns the memory of the machine, or of the smallest control group around the server. */
    private static OptionalLong has(Patient patient) {
        Matcher total = Pattern.compile("MemTotal:\\s+([0-9]+) kB")
                .matcher(patient.kernel().text("proc/meminfo").orElse(""));
        if (!total.find()) {
            return OptionalLong.empty();
        }
        long least = Long.parseLong(total.group(1)) << 10;
        String groups = patient.kernel()
                .text("proc/" + patient.server().orElse("self") + "/cgroup")
                .orElse("");
        for (String line : groups.lines().toList()) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[1].isEmpty()) {
                least = Math.min(least, least(patient, "sys/fs/cgroup", parts[2], "memory.max"));
            } else if (parts.length == 3 && parts[1].equals("memory")) {
                least = Math.min(least, least(patient, "sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes"));
            }
        }
        return OptionalLong.of(least);
    }

    private static long least(Patient patient, String mount, String group, String file) {
        long least = Long.MAX_VALUE;
        String path = group;
        for (int depth = 0; depth < DEEPEST; depth++) {
            least = Math.min(
                    least,
                    patient.kernel()
                            .number(mount + path + (path.endsWith("/") ? "" : "/") + file)
                            .orElse(Long.MAX_VALUE));
            if (path.length() <= 1) {
                break;
            }
            path = path.substring(0, Math.max(1, path.lastIndexOf('/')));
        }
        return least;
    }

    private static String mib(long bytes) {
        return bytes / MIB + " MiB";
    }
}
