package flotilla.ops.extension;

import flotilla.ops.e2e.ExtensionJar;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageProvider;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.UploadContract;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, kept by a third party's store from one jar. */
class PlainStoresTest extends UploadContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static URLClassLoader jar;

    @BeforeAll
    static void load() throws Exception {
        Path file = ExtensionJar.of(directory, "extension/PlainStores.java.txt", StorageProvider.class.getName());
        jar = new URLClassLoader(
                new URL[] {file.toUri().toURL()}, Thread.currentThread().getContextClassLoader());
    }

    @AfterAll
    static void unload() throws Exception {
        jar.close();
    }

    /** It cannot, so a scanner has no verdict there. */
    @Override
    protected boolean isReviewed() {
        return false;
    }

    @Override
    protected StorageBackend create() throws Exception {
        StorageProvider plain = ServiceLoader.load(StorageProvider.class, jar).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("plain"))
                .findFirst()
                .orElseThrow();
        return plain.open(
                        new StoreSettings("box", "plain", Map.of("largest", "1000000")),
                        StoreResources.of(1 << 20, 1 << 20))
                .home("", false);
    }
}
