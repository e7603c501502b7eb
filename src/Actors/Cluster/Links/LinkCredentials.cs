using Microsoft.Extensions.Logging;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// The certificates of a node. Files that changed are read again before the next handshake, so that a renewed certificate
/// needs no restart; if they cannot be used, the former ones stay.
/// </summary>
public sealed class LinkCredentials
{
    private readonly string[] _files;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private LoadedCredentials _current;
    private (DateTime Written, long Bytes)[] _seen;

    /// <summary>Reads the certificates.</summary>
    /// <param name="authorityFile">The cluster's certificate.</param>
    /// <param name="certificateFile">The node's certificate.</param>
    /// <param name="keyFile">The node's key.</param>
    /// <param name="time">The clock that validity is measured with.</param>
    /// <exception cref="CredentialException">They cannot be used; one line says why.</exception>
    public LinkCredentials(string authorityFile, string certificateFile, string keyFile, TimeProvider time)
    {
        _files = [authorityFile, certificateFile, keyFile];
        _time = time;
        _seen = Look();
        _current = Load();
    }

    /// <summary>The node's name in its certificate.</summary>
    public string Name => _current.Name;

    /// <summary>End of the validity of the node's certificate.</summary>
    public DateTimeOffset Until => _current.Until;

    /// <summary>What is to be used for the next handshake.</summary>
    internal LoadedCredentials Current(ILogger logger)
    {
        lock (_gate)
        {
            (DateTime, long)[] seen = Look();
            if (seen.AsSpan().SequenceEqual(_seen))
            {
                return _current;
            }

            // Remembered also when they are bad, so that the log says it once.
            _seen = seen;
            try
            {
                _current = Load();
                LinkLog.NewCertificates(logger, _current.Until);
            }
            catch (CredentialException e)
            {
                LinkLog.BadCertificates(logger, e.Message);
            }

            return _current;
        }
    }

    private LoadedCredentials Load() => LoadedCredentials.Load(_files[0], _files[1], _files[2], _time);

    private (DateTime Written, long Bytes)[] Look() =>
        [.. _files.Select(file => new FileInfo(file)).Select(file => file.Exists ? (file.LastWriteTimeUtc, file.Length) : default)];
}
