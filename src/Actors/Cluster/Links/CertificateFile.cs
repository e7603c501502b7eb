using System.Text;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Reads and writes PEM files.</summary>
internal static class CertificateFile
{
    private const UnixFileMode SecretMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PublicMode = SecretMode | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Written aside, flushed and renamed: a crash leaves what was there or the whole new file.</summary>
    /// <exception cref="IOException">It cannot be written, or exists and is not to be replaced.</exception>
    public static void Write(string path, string pem, bool isSecret, bool replaces)
    {
        string aside = path + ".new";
        File.Delete(aside);
        UnixFileMode mode = isSecret ? SecretMode : PublicMode;
        using (var stream = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            stream.Write(Encoding.ASCII.GetBytes(pem + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(aside, mode);
        File.Move(aside, path, replaces);
    }

    /// <summary>The text of a file.</summary>
    /// <exception cref="CredentialException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"{path} cannot be read: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message)}", e);
        }
    }
}
