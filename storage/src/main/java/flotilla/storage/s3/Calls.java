package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StoreMeter;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes requests: with the breaker, the meter and the mapping of failures. Many threads use it at once. */
final class Calls implements AutoCloseable {
    /** Requests that take long because of their bytes. */
    private static final Set<String> LONG =
            Set.of("PutObject", "UploadPart", "UploadPartCopy", "CopyObject", "CompleteMultipartUpload");

    private static final Duration PAUSE = Duration.ofSeconds(3);
    /** A request that carries bytes has more time: as if the line were this slow, in bytes a second. */
    private static final long SLOWEST = 128 * 1024;

    private final S3Settings settings;
    private final StoreMeter meter;
    private final Breaker breaker;
    private final ServiceClock clock;
    private @Nullable S3Client client;
    private boolean closed;

    /** A request to the SDK. */
    interface Request<T> {
        T send(S3Client client);
    }

    Calls(S3Settings settings, StoreMeter meter, ServiceClock clock) {
        this.clock = clock;
        this.settings = settings;
        this.meter = meter;
        String service = "the store " + (settings.store().isEmpty() ? "by default" : settings.store());
        this.breaker = new Breaker(service, PAUSE, System::nanoTime);
    }

    /**
     * Sends a request.
     *
     * @param operation name of the request for the meter
     * @param key the object or prefix, for messages
     */
    <T> T send(String operation, String key, Request<T> request) throws StorageException {
        boolean isShort = !LONG.contains(operation);
        breaker.enter(isShort);
        long begun = System.nanoTime();
        String error = "unknown";
        boolean settled = false;
        try {
            T answer = request.send(client());
            breaker.answered(isShort);
            settled = true;
            error = "";
            return answer;
        } catch (SdkException e) {
            Failure failure = Failure.of(e, operation + " " + settings.place().bucket() + "/" + key);
            switch (failure.effect()) {
                case AWAY ->
                    breaker.failed(isShort, String.valueOf(failure.exception().getMessage()));
                case ANSWER -> breaker.answered(isShort);
                case NONE -> breaker.abandoned(isShort);
            }
            settled = true;
            error = failure.kind();
            throw failure.exception();
        } catch (IllegalStateException e) {
            throw new StorageException(Reason.IO, operation + ": the store is closed", e);
        } finally {
            if (!settled) {
                breaker.abandoned(isShort);
            }
            meter.requested(settings.store(), operation, System.nanoTime() - begun, error);
        }
    }

    private synchronized S3Client client() {
        if (closed) {
            throw SdkClientException.create("the store is closed");
        }
        S3Client made = client;
        if (made == null) {
            made = Clients.create(settings, meter, clock);
            client = made;
        }
        return made;
    }

    /**
     * Returns the bounds of a request that moves bytes to the service or within it: half of the time is for one attempt.
     *
     * @param bytes how many
     * @param slowest bytes a second that suffice
     */
    private Consumer<AwsRequestOverrideConfiguration.Builder> within(long bytes, long slowest) {
        Duration most = settings.access().timeout().plusSeconds(bytes / slowest);
        return bounds -> bounds.apiCallTimeout(most).apiCallAttemptTimeout(most.dividedBy(2));
    }

    /** Returns the bounds of a request that carries so many bytes. */
    Consumer<AwsRequestOverrideConfiguration.Builder> carrying(long bytes) {
        return within(bytes, SLOWEST);
    }

    /** Returns the bounds of a request that makes the service copy so many bytes. */
    Consumer<AwsRequestOverrideConfiguration.Builder> copying(long bytes) {
        return within(bytes, SLOWEST * 64);
    }

    /** Takes bytes that were sent to the service, or came from it. */
    void moved(boolean sent, long bytes) {
        meter.moved(settings.store(), sent, bytes);
    }

    /** Takes a part that is on its way, or no more: 1 or -1. */
    void parts(int change) {
        meter.parts(settings.store(), change);
    }

    @Override
    public synchronized void close() {
        closed = true;
        S3Client made = client;
        if (made != null) {
            made.close();
        }
    }
}
