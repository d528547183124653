package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.Capability;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands answer to a user whose store can do less than the local one. */
class CapabilitiesTest {
    private static CommandRig without(Capability... missing) {
        Set<Capability> left = EnumSet.allOf(Capability.class);
        left.removeAll(List.of(missing));
        return CommandRig.loggedIn().on(left).withEndpoint();
    }

    private static List<String> features(CommandRig rig) {
        return Stream.of(rig.run("FEAT").split("\\|")).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET_TIME|MFMT 20200101000000 f",
                "SET_TIME|MDTM 20200101000000 f",
                "SET_TIME|SITE UTIME 20200101000000 f",
                "SET_TIME|MFF Modify=20200101000000; f",
                "SET_MODE|SITE CHMOD 644 f",
                "SET_MODE|SITE UMASK",
                "SET_MODE|SITE UMASK 022",
                "SET_MODE|MFF UNIX.mode=0644; f",
                "SET_MODE|MFF Modify=20200101000000;UNIX.mode=0644; f",
                "FREE_BYTES|AVBL",
                "APPEND|APPE f",
                "APPEND|APPE new",
            })
    void whatTheStoreCannotDoIsNotSupported(Capability missing, String command) {
        assertEquals("!UNSUPPORTED", without(missing).run(command));
        assertFalse(without().run(command).startsWith("!"), command);
    }

    @Test
    void anUploadCannotGoOnWhereNothingIsResumed() {
        CommandRig rig = without(Capability.RESUME);
        rig.run("REST 2");
        assertEquals("!UNSUPPORTED", rig.run("STOR f"));
        CommandRig whole = without(Capability.RESUME);
        whole.run("REST 0");
        assertTrue(whole.run("STOR f").startsWith("150 "));
        CommandRig download = without(Capability.RESUME);
        download.run("REST 2");
        assertTrue(download.run("RETR f").startsWith("150 "), "a download can begin anywhere");
    }

    @Test
    void aRenameWorksInSeveralStepsToo() {
        CommandRig rig = without(Capability.ATOMIC_RENAME, Capability.STABLE_IDENTITY);
        assertEquals("350 Send RNTO.", rig.run("RNFR f"));
        assertEquals("250 Renamed.", rig.run("RNTO g"));
    }

    @Test
    void featOffersOnlyWhatTheStoreCanDo() {
        List<String> all = features(without());
        assertTrue(all.containsAll(List.of("MFMT", "AVBL", "MFF Modify;UNIX.mode;", "REST STREAM")), all::toString);
        List<String> none = features(without(Capability.values()));
        assertFalse(none.contains("MFMT") || none.contains("AVBL"), none::toString);
        assertTrue(none.stream().noneMatch(line -> line.startsWith("MFF")), none::toString);
        assertTrue(none.contains("REST STREAM"), none::toString);
        assertTrue(none.contains("MLST type*;size*;modify*;perm*;UNIX.owner*;UNIX.group*;"), none::toString);
        assertTrue(features(without(Capability.SET_MODE)).contains("MFF Modify;"));
        assertTrue(features(without(Capability.SET_TIME)).contains("MFF UNIX.mode;"));
    }

    @Test
    void mlstTellsOnlyWhatTheStoreKnows() {
        String all = without().run("MLST f");
        assertTrue(all.contains("unique=") && all.contains("UNIX.mode=") && all.contains("perm=adfrw;"), all);
        String none = without(Capability.values()).run("MLST f");
        assertFalse(none.contains("unique=") || none.contains("UNIX.mode="), none);
        assertTrue(none.contains("perm=dfrw;"), none);
    }

    @Test
    void statSortsWhatComesInAnyOrder() {
        String[] ordered = without().run("STAT /").split("\\|");
        assertEquals(
                Arrays.asList(ordered),
                Arrays.asList(without(Capability.NAME_ORDER).run("STAT /").split("\\|")));
    }
}
