# One session of Net::FTP: HOST PORT USER PASSWORD CAFILE explicit|implicit. Ends with "all good".
use strict;
use warnings;
use Net::FTP;

my ($host, $port, $user, $password, $ca, $door) = @ARGV;
my $ftp = Net::FTP->new($host, Port => $port, SSL => $door eq 'implicit' ? 1 : 0, SSL_ca_file => $ca, Timeout => 20, Passive => 1)
  or die "connect: $@";
if ($door eq 'explicit') { $ftp->starttls or die 'starttls: ' . $ftp->message; }
sub ok { my ($what, $result) = @_; defined $result && $result or die "$what: " . $ftp->message; return $result; }
ok('login', $ftp->login($user, $password));
ok('binary', $ftp->binary);
my $data = join '', map { chr($_ % 256) } 1 .. 300_000;
open my $out, '>:raw', 'sent' or die $!;
print {$out} $data;
close $out;
ok('put', $ftp->put('sent', 'on server'));
ok('size', $ftp->size('on server') == length $data);
ok('mdtm', $ftp->mdtm('on server') > 1_000_000_000);
ok('get', $ftp->get('on server', 'got'));
ok('resume', $ftp->get('on server', 'rest', 299_990));
ok('append', $ftp->append('sent', 'on server'));
ok('size', $ftp->size('on server') == 2 * length $data);
ok('mkdir', $ftp->mkdir('dir/sub', 1));
ok('cwd', $ftp->cwd('dir'));
ok('pwd', $ftp->pwd eq '/dir');
ok('cdup', $ftp->cdup);
ok('ls', join(',', sort $ftp->ls) eq 'dir,on server');
ok('dir', scalar(grep { /^d.* dir$/ } $ftp->dir) == 1);
ok('rename', $ftp->rename('on server', 'renamed'));
ok('delete', $ftp->delete('renamed'));
ok('rmdir', $ftp->rmdir('dir', 1));
ok('supported', $ftp->supported('MLST'));
ok('quit', $ftp->quit);
for (['got', $data], ['rest', substr $data, 299_990]) {
    open my $in, '<:raw', $_->[0] or die $!;
    local $/;
    my $got = <$in>;
    $got eq $_->[1] or die "$_->[0] differs: " . length $got;
}
print "all good\n";
