/** The store in a service that speaks the protocol of Amazon S3. It alone uses the SDK of AWS. */
@org.jspecify.annotations.NullMarked
package flotilla.storage.s3;
