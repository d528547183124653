package flotilla.storage.s3;

import software.amazon.awssdk.core.exception.SdkClientException;

/** The file of the credentials cannot be used. Its message holds nothing of the file's content. */
final class CredentialsException extends SdkClientException {
    private static final long serialVersionUID = 1L;

    CredentialsException(String message) {
        super(SdkClientException.builder().message(message));
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
