package flotilla.ops.doctor;

import flotilla.node.scan.Quarantine;
import flotilla.node.scan.ScanSettings;
import flotilla.node.scan.ScannerPlace;
import flotilla.node.scan.ScannerProbe;
import flotilla.node.scan.Verdict;
import flotilla.node.scan.Verdict.Failed;
import flotilla.node.scan.Verdict.Infected;
import flotilla.node.tree.Stores;
import flotilla.storage.StorageException;
import flotilla.storage.StoreResources;
import java.util.ArrayList;
import java.util.List;

/** Whether the scanner finds a harmless text clean, and whether the quarantine can be read. */
final class ScannerCheck implements Check {
    @Override
    public List<Outcome> look(Patient patient) {
        ScanSettings settings = patient.configuration().node().scan();
        List<Outcome> found = new ArrayList<>();
        settings.scanner().ifPresent(place -> found.add(scanner(place, patient)));
        if (!settings.quarantine().isEmpty()) {
            found.add(quarantine(settings, patient));
        }
        return found;
    }

    private static Outcome scanner(ScannerPlace place, Patient patient) {
        Verdict verdict = ScannerProbe.of(place, patient.timeout());
        if (verdict instanceof Failed failed) {
            return Outcome.fail(
                    "The scanner does not work: " + failed.why() + ".",
                    "Look at storage.scan, the scanner and the way to it. Until it answers, uploads get what"
                            + " storage.scan.on-failure says.");
        }
        if (verdict instanceof Infected infected) {
            return Outcome.fail(
                    "The scanner takes a harmless text for infected: " + infected.name() + ".",
                    "Look at its signatures, and at what an ICAP service changes in files.");
        }
        return Outcome.ok("The scanner answers: " + place + ".");
    }

    private static Outcome quarantine(ScanSettings settings, Patient patient) {
        try (Stores stores = Stores.open(
                patient.configuration().node().storage().stores(),
                patient.configuration().node().storage().standard(),
                StoreResources.of(1 << 20, 32 << 20),
                Runnable::run)) {
            Quarantine.Held held = Quarantine.of(stores, settings).held();
            String text = "The quarantine holds " + held.files() + " of " + settings.quarantineFiles() + " files, with "
                    + (held.bytes() >> 20) + " of " + (settings.quarantineBytes() >> 20) + " MiB.";
            return held.files() < settings.quarantineFiles() && held.bytes() < settings.quarantineBytes()
                    ? Outcome.ok(text)
                    : Outcome.warn(text, "Look at them and remove them: further ones are dropped.");
        } catch (StorageException | IllegalStateException e) {
            return Outcome.fail(
                    "The quarantine cannot be opened: " + e.getMessage() + ".",
                    "Make the directory storage.scan.quarantine, for the server's user alone.");
        }
    }
}
