package flotilla.ops.doctor;

import flotilla.storage.ReservedNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether the storage is the one that the server saw last: an empty directory in the place of a mount is not. */
final class MountedStorage implements Check {
    private static final String MEMORY = "storage-marker";

    @Override
    public List<Outcome> look(Patient patient) throws IOException {
        Path root = patient.configuration().node().storage().root();
        if (!patient.configuration().node().storage().hasRoot()) {
            return List.of();
        }
        String remembered = content(patient.configuration().dataDir().resolve(MEMORY));
        if (!remembered.endsWith(" " + root)) {
            return List.of(); // the server has not run with this root
        }
        String marker = content(root.resolve(ReservedNames.MARKER));
        if (!marker.isEmpty() && remembered.equals(marker + " " + root)) {
            return List.of(Outcome.ok(root + " is the storage that this server used last."));
        }
        return List.of(Outcome.fail(
                root + (marker.isEmpty() ? " has no marker of a storage" : " has the marker of another storage") + ".",
                "A mount may be missing, or another one is in its place. The server then refuses logins."));
    }

    private static String content(Path file) throws IOException {
        return Files.isReadable(file) ? Files.readString(file).strip() : "";
    }
}
