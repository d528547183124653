package flotilla.storage.s3;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** A node without a store in S3 must not pay for the SDK at its start. */
class WithoutSdkTest {
    @Test
    void theTypesOfStoresAreFoundWithoutTheSdk() throws Exception {
        URL[] own = {
            StorageProvider.class.getProtectionDomain().getCodeSource().getLocation(),
            Logger.class.getProtectionDomain().getCodeSource().getLocation()
        };
        try (URLClassLoader loader = new URLClassLoader(own, ClassLoader.getPlatformClassLoader())) {
            assertThrows(
                    ClassNotFoundException.class,
                    () -> loader.loadClass("software.amazon.awssdk.services.s3.S3Client"));
            Class<?> type = loader.loadClass(StorageProvider.class.getName());
            boolean found = false;
            for (Object each : ServiceLoader.load(type, loader)) {
                found |= type.getMethod("type").invoke(each).equals("s3");
            }
            assertTrue(found);
        }
    }
}
