package flotilla.storage;

import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualPathTest {
    private static String resolved(String base, String path) throws StorageException {
        return VirtualPath.of(base).resolve(path).toString();
    }

    @Test
    void dotDotStopsAtTheRoot() throws Exception {
        assertEquals("/etc", resolved("/", "../../etc"));
        assertEquals("/", resolved("/a/b", "../../.."));
        assertEquals("/c", resolved("/a/b", "/../../c"));
        assertEquals("/a/c", resolved("/a", "b/../c"));
    }

    @Test
    void dotsAndDoubledSlashesVanish() throws Exception {
        assertEquals("/a/b/c", resolved("/a", "./b//./c/"));
        assertEquals("/a", resolved("/a", ""));
        assertEquals("/a", resolved("/a", "."));
        assertEquals("/", resolved("/a", "/"));
        assertSame(VirtualPath.ROOT, VirtualPath.of("//"));
    }

    @Test
    void onlyTheSlashSeparates() throws Exception {
        assertEquals(List.of("..\\..\\etc"), VirtualPath.of("..\\..\\etc").components());
        assertEquals(List.of("C:", "..."), VirtualPath.of("/C:/...").components());
        assertEquals(List.of("%2e%2e"), VirtualPath.of("%2e%2e").components());
        assertEquals(List.of(" "), VirtualPath.of("/ ").components());
    }

    @Test
    void nulIsRefused() {
        refused(Reason.INVALID_NAME, () -> VirtualPath.of("/a\0/b"));
    }

    @Test
    void lengthsAreBounded() throws Exception {
        String component = "n".repeat(255);
        VirtualPath.of(component);
        refused(Reason.INVALID_NAME, () -> VirtualPath.of(component + "n"));
        refused(Reason.INVALID_NAME, () -> VirtualPath.of("\u00e4".repeat(128)));
        VirtualPath full = VirtualPath.of(("/" + component).repeat(16));
        assertEquals(4096, full.toString().length());
        refused(Reason.INVALID_NAME, () -> full.resolve("n"));
        VirtualPath deep = VirtualPath.of("/d".repeat(128));
        refused(Reason.INVALID_NAME, () -> deep.resolve("e"));
        assertEquals("/e", deep.resolve("/e").toString());
    }

    @Test
    void aPathKnowsItsNameParentAndAncestors() throws Exception {
        VirtualPath path = VirtualPath.of("/a/b/c");
        assertEquals("c", path.name());
        assertEquals("/a/b", path.parent().toString());
        assertEquals(VirtualPath.ROOT, VirtualPath.of("/a").parent());
        assertSame(VirtualPath.ROOT, VirtualPath.ROOT.parent());
        assertEquals("", VirtualPath.ROOT.name());
        assertTrue(VirtualPath.ROOT.isRoot());
        assertTrue(path.startsWith(VirtualPath.of("/a/b")));
        assertTrue(path.startsWith(path));
        assertTrue(path.startsWith(VirtualPath.ROOT));
        assertFalse(VirtualPath.of("/ab").startsWith(VirtualPath.of("/a")));
        assertFalse(path.parent().startsWith(path));
    }

    @Test
    void pathsAreEqualByTheirComponents() throws Exception {
        assertEquals(VirtualPath.of("/a/b"), VirtualPath.of("a//b/"));
        assertEquals(VirtualPath.of("/a/b").hashCode(), VirtualPath.of("a//b/").hashCode());
        assertEquals(0, VirtualPath.of("/a").compareTo(VirtualPath.of("/a/b").parent()));
        assertTrue(VirtualPath.of("/a").compareTo(VirtualPath.of("/b")) < 0);
    }
}
