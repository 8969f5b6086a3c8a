/// Files of the log in an S3 bucket with Object Lock. The one package that knows the AWS SDK.
@NullMarked
package dev.postern.auditing.s3;

import org.jspecify.annotations.NullMarked;
