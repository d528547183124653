package flotilla.storage.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class FailureTest {
    private static Failure of(int status, String code) {
        return Failure.of(
                (S3Exception) S3Exception.builder()
                        .statusCode(status)
                        .requestId("4442587FB7D0A2F9")
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode(code)
                                .errorMessage("what was sent: s3cr3t")
                                .build())
                        .build(),
                "PutObject files/f");
    }

    @ParameterizedTest
    @CsvSource({
        "404, NoSuchKey, NOT_FOUND, not-found",
        "404, NoSuchBucket, IO, not-found",
        "403, AccessDenied, ACCESS_DENIED, denied",
        "403, SignatureDoesNotMatch, IO, credentials",
        "403, RequestTimeTooSkewed, IO, denied",
        "412, PreconditionFailed, CHANGED, conflict",
        "409, ConditionalRequestConflict, CHANGED, conflict",
        "416, InvalidRange, OFFSET_OUT_OF_RANGE, refused",
        "400, EntityTooLarge, TOO_LARGE, refused",
        "400, KeyTooLongError, INVALID_NAME, refused",
        "507, XMinioStorageFull, NO_SPACE, server",
        "501, NotImplemented, UNSUPPORTED, unsupported",
        "405, MethodNotAllowed, UNSUPPORTED, unsupported",
        "503, SlowDown, IO, throttled",
        "500, InternalError, IO, server",
    })
    void anAnswerHasAReasonAndAKind(int status, String code, Reason reason, String kind) {
        Failure failure = of(status, code);
        assertEquals(reason, failure.exception().reason());
        assertEquals(kind, failure.kind());
        assertEquals(status == 503, failure.away());
        String message = failure.exception().getMessage();
        assertTrue(message.startsWith("PutObject files/f: " + status + " " + code), message);
        assertTrue(message.endsWith("request 4442587FB7D0A2F9"), message);
        assertFalse(message.contains("s3cr3t"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "301, PermanentRedirect, another region",
        "400, AuthorizationHeaderMalformed, another region",
        "403, RequestTimeTooSkewed, the clocks",
        "403, AccessDenied, lack the right",
        "403, ExpiredToken, refuses the credentials",
    })
    void theMessageSaysWhatAnOperatorCanMend(int status, String code, String hint) {
        String message = of(status, code).exception().getMessage();
        assertTrue(message.contains(hint), message);
    }

    @Test
    void missingCredentialsAreTold() {
        Failure failure = Failure.of(
                SdkClientException.create("Unable to load credentials from any of the providers in the chain"), "x");
        assertEquals("credentials", failure.kind());
        assertFalse(failure.away());
    }
}
