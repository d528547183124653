/** Tests of the store in S3, against s3proxy. */
@org.jspecify.annotations.NullMarked
package flotilla.storage.s3;
