package flotilla.storage.s3;

import flotilla.storage.StoreMeter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes the client of the SDK from a store's settings. */
final class Clients {
    private static final Duration IDLE = Duration.ofSeconds(20);

    private Clients() {}

    /**
     * Creates a client. It reads the file of trusted certificates.
     *
     * @throws SdkClientException when it cannot be made
     */
    static S3Client create(S3Settings settings, StoreMeter meter, ServiceClock clock) {
        S3Settings.Place place = settings.place();
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(http(settings.access()))
                .region(Region.of(place.region()))
                .credentialsProvider(credentials(settings.access()))
                .forcePathStyle(place.pathStyle())
                .disableS3ExpressSessionAuth(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(false) // the checksum is known before the bytes go out
                        .build())
                .overrideConfiguration(overrides(settings, meter, clock));
        place.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static ClientOverrideConfiguration overrides(S3Settings settings, StoreMeter meter, ServiceClock clock) {
        return ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(settings.access().retries() + 1)
                        .build())
                .addExecutionInterceptor(new RetryCount(settings.store(), meter))
                .addExecutionInterceptor(clock)
                .build();
    }

    private static AwsCredentialsProvider credentials(S3Settings.Access access) {
        return access.credentials()
                .<AwsCredentialsProvider>map(CredentialsFile::new)
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    private static SdkHttpClient http(S3Settings.Access access) {
        Apache5HttpClient.Builder builder = Apache5HttpClient.builder()
                .maxConnections(access.connections())
                .connectionTimeout(access.connectTimeout())
                .connectionAcquisitionTimeout(access.timeout())
                .socketTimeout(access.timeout())
                .connectionMaxIdleTime(IDLE)
                .tcpKeepAlive(true)
                .expectContinueEnabled(false);
        access.authorities().ifPresent(file -> {
            TrustManager[] trusted = trusted(file);
            builder.tlsTrustManagersProvider(() -> trusted);
        });
        return builder.build();
    }

    private static TrustManager[] trusted(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + count++, each);
            }
            if (count == 0) {
                throw SdkClientException.create("ca-file holds no certificate: " + file);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw SdkClientException.create("ca-file cannot be read: " + file, e);
        }
    }
}
